"""What is measured of each policy and each entrant, over the games that count.

Dimension letters: ``C`` cells, ``S`` indices, ``V`` venues, ``E`` entrants, ``H`` and ``G`` hunting and guarding
policies, ``X`` replicates.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from pursuit.play.result import Estimate, wilson
from pursuit.tournament.bootstrap import estimate, interquartile_mean
from pursuit.tournament.referee import By, Fault
from pursuit.tournament.results import Results
from pursuit.tournament.spec import Spec
from pursuit.tournament.strength import ELO, strengths

Floats = NDArray[np.float64]
Ints = NDArray[np.integer]
Role: TypeAlias = Literal["hunts", "guards"]


@dataclass(frozen=True)
class Record:
    """How a policy did in one role."""

    role: Role
    policy: str
    games: int  # without those that were forfeit
    capture: Estimate  # share of games that the hunter won (Wilson)
    time: Estimate  # turns until then, at most the limit (bootstrap over seeds)
    regret: Estimate | None  # turns lost a game against exact play (bootstrap over seeds), of games that were judged
    faults: dict[str, int]  # its own, by kind


class Measures:
    """Measures of the games that count."""

    def __init__(self, results: Results, spec: Spec) -> None:
        self.results, self.schedule = results, results.schedule
        self.counted = results.counted()  # [C, S]
        games, cells = results.games, self.schedule.cells
        self.clean = self.counted & (games["fault"] == Fault.NONE)
        self.won = self.clean & (games["score"] == 2)
        self._outcomes = [spec["venues"][cell.venue]["outcomes"] for cell in cells]
        self.limits = np.array([spec["venues"][cell.venue]["turns"] for cell in cells])  # [C] turns
        limit = self.limits[:, None]
        self.time = np.where(self.won, np.minimum(games["turns"], limit), limit)
        self.hunters = tuple(dict.fromkeys(cell.hunter for cell in cells))
        self.guardians = tuple(dict.fromkeys(cell.guardian for cell in cells))
        self._venue = np.array([cell.venue for cell in cells])
        self._hunter = np.array([self.hunters.index(cell.hunter) for cell in cells])
        self._guardian = np.array([self.guardians.index(cell.guardian) for cell in cells])

    def rng(self) -> np.random.Generator:
        """The dice of the bootstrap: the same for the same tournament."""
        return np.random.default_rng(self.schedule.plan.seed)

    def records(self, venue: int | None = None) -> list[Record]:
        """How each policy did, on a venue or on all."""
        there = np.ones(len(self._venue), np.bool_) if venue is None else self._venue == venue
        groups: list[tuple[Role, str, NDArray[np.bool_]]] = []
        groups += [("hunts", name, there & (self._hunter == at)) for at, name in enumerate(self.hunters)]
        groups += [("guards", name, there & (self._guardian == at)) for at, name in enumerate(self.guardians)]
        places = [cells for *_, cells in groups]
        times = self._means(places, [(self.time, self.clean)] * len(places))
        regrets = self._means(places, [self.losses(role) for role, *_ in groups])
        return [
            Record(
                role,
                name,
                int(self.clean[cells].sum()),
                wilson(int(self.won[cells].sum()), int(self.clean[cells].sum())),
                time,
                regret if self.losses(role)[1][cells].any() else None,
                self._faults(cells, By.HUNTER if role == "hunts" else By.GUARDIAN),
            )
            for (role, name, cells), time, regret in zip(groups, times, regrets, strict=True)
        ]

    def outcome(self, cell: int, index: int) -> str:
        """How a game ended."""
        number = int(self.results.games["outcome"][cell, index])
        return str(self._outcomes[cell][number]) if number >= 0 else "forfeit"

    def losses(self, role: Role) -> tuple[Ints, NDArray[np.bool_]]:
        """(turns lost against exact play, whether the game was judged) in a role, [C, S] each."""
        loss = self.results.games["hunter_loss" if role == "hunts" else "guardian_loss"]
        return loss, self.clean & (loss >= 0)

    def faults(self) -> dict[str, int]:
        """All forfeits, by kind."""
        found = np.bincount(self.results.games["fault"][self.counted], minlength=len(Fault))
        return {fault.name.lower(): int(found[fault]) for fault in Fault if fault and found[fault]}

    def payoff(self, venue: int | None = None) -> Floats:
        """The hunters' mean score in the games that count, [H, G]; nan where none was played."""
        points, num = self._sums(np.ones(len(self._venue), np.bool_) if venue is None else self._venue == venue)
        with np.errstate(invalid="ignore"):
            mean: Floats = points / num
        return mean

    def is_connected(self) -> bool:
        """Whether all policies are comparable: each has met each, perhaps through others."""
        met = ~np.isnan(self.payoff())
        reached = np.zeros(len(self.hunters), np.bool_)
        reached[0] = True
        for _ in self.hunters:
            reached |= met[:, met[reached].any(axis=0)].any(axis=1)
        return bool(reached.all() and met.any(axis=0).all())

    def strengths(self) -> tuple[list[Estimate], list[Estimate]]:
        """Bradley-Terry strengths in Elo, of the hunters [H] and of the guardians [G], the first hunter's being 0.

        The first hunter is the first entrant's. Intervals are by bootstrap over seeds, so over pairs, venue by venue.
        """
        num_hunters, num_guardians = len(self.hunters), len(self.guardians)
        score, venues = self.results.games["score"] / 2, range(len(self.schedule.plan.venues))
        strata, places = [], []
        for venue in venues:
            cells = np.flatnonzero(self._venue == venue)
            played = self.counted[cells].T.astype(np.float64)
            strata.append(np.concatenate([score[cells].T * played, played], axis=1))
            places.append(self._hunter[cells] * num_guardians + self._guardian[cells])

        def fit(means: list[Floats]) -> Floats:
            sums = np.zeros((2, len(means[0]), num_hunters * num_guardians))
            for mean, place in zip(means, places, strict=True):
                half = len(place)
                for part in (0, 1):
                    np.add.at(sums[part].T, place, mean[:, part * half : (part + 1) * half].T)
            sums *= self.counted.shape[1]
            wins, num = sums.reshape(2, -1, num_hunters, num_guardians)
            hunt, guard = strengths(wins, num)
            return ELO * (np.concatenate([hunt, guard], axis=1) - hunt[:, :1])

        found = estimate(strata, fit, self.rng())
        return found[:num_hunters], found[num_hunters:]

    def scores(self) -> Floats:
        """The entrants' mean pair scores against each other, [E, E]; 1/2 against oneself, nan where two never met."""
        num = len(self.schedule.plan.entrants)
        found = np.full((num, num), np.nan)
        np.fill_diagonal(found, 0.5)
        for pairing, (first, second) in enumerate(self.schedule.pairings):
            tally = self.results.tally(pairing)
            if first != second and tally.num_pairs:
                found[first, second], found[second, first] = tally.mean, 1 - tally.mean
        return found

    def interquartile_means(self) -> list[Estimate]:
        """Each entrant's interquartile mean, over the venues, of its mean pair score; stratified bootstrap. [E]"""
        num = len(self.schedule.plan.entrants)
        shape = len(self.schedule.plan.venues), self.counted.shape[1], num
        points, played = np.zeros(shape), np.zeros(shape)
        for pairing, (first, second) in enumerate(self.schedule.pairings):
            quarters, counts = self.results.pairs(pairing)
            points[:, :, first] += quarters / 4 * counts
            points[:, :, second] += (1 - quarters / 4) * counts
            for entrant in (first, second):
                played[:, :, entrant] += counts

        def over_venues(means: list[Floats]) -> Floats:
            with np.errstate(invalid="ignore"):
                scores = np.stack([mean[:, :num] / mean[:, num:] for mean in means])  # [V, X, E]
            return interquartile_mean(np.moveaxis(np.nan_to_num(scores, nan=0.5), 0, -1))

        strata = [np.concatenate([points[venue], played[venue]], axis=1) for venue in range(shape[0])]
        return estimate(strata, over_venues, self.rng())

    def _sums(self, cells: NDArray[np.bool_]) -> tuple[Floats, Floats]:
        """(points of the hunters, games), [H, G] each, over some cells."""
        points, num = np.zeros((2, len(self.hunters), len(self.guardians)))
        at = self._hunter[cells], self._guardian[cells]
        counted = self.counted[cells]
        np.add.at(points, at, (self.results.games["score"][cells] / 2 * counted).sum(axis=1))
        np.add.at(num, at, counted.sum(axis=1))
        return points, num

    def _means(self, groups: list[NDArray[np.bool_]], values: list[tuple[Ints, NDArray[np.bool_]]]) -> list[Estimate]:
        """Means over groups of cells of (values, which of them count), [C, S] each; 0 where none counts."""
        paired = [(value[cells], counts[cells]) for cells, (value, counts) in zip(groups, values, strict=True)]
        sums = [np.where(counts, value, 0).sum(axis=0) for value, counts in paired]
        nums = [counts.sum(axis=0) for _, counts in paired]
        rows = np.stack([*sums, *nums], axis=1).astype(np.float64)  # [S, 2K]
        half = len(groups)

        def mean(means: list[Floats]) -> Floats:
            return means[0][:, :half] / np.maximum(means[0][:, half:], 1e-300)

        return estimate([rows], mean, self.rng())

    def _faults(self, cells: NDArray[np.bool_], by: By) -> dict[str, int]:
        mine = self.counted[cells] & (self.results.games["by"][cells] == by)
        found = np.bincount(self.results.games["fault"][cells][mine], minlength=len(Fault))
        return {fault.name.lower(): int(found[fault]) for fault in Fault if fault and found[fault]}
