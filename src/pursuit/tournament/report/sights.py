"""What there is to look at: games worth seeing, each with the command that plays it again, and curves."""

from __future__ import annotations

import shlex
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from pursuit.tournament.report.measures import Measures, Role
from pursuit.tournament.report.tables import Chart, Curve, Showpiece
from pursuit.tournament.schedule import Schedule

_POINTS = 120


def command(schedule: Schedule, cell: int, seed: int) -> str:
    """The command that plays a game again."""
    found = schedule.cells[cell]
    venue = schedule.plan.venues[found.venue]
    words = ["pursuit", "run", venue.scenario, f"--{venue.line}", "--seed", str(seed)]
    for name, value in venue.params:
        words += ["--set", f"{name}={str(value).lower() if isinstance(value, bool) else value}"]
    for written in venue.policies:
        words += ["--policy", written]
    for side, policy in (("hunter", found.hunter), ("guardian", found.guardian)):
        words += ["--policy", f"{side}={policy}"] if policy else []
    return shlex.join(words)


def showpieces(measures: Measures, num: int = 3) -> list[Showpiece]:
    """The longest games that were decided, the pairs that came out nearest to each other, the games played worst."""
    games = measures.results.games
    decided = measures.clean & (games["score"] != 1)
    turns = np.where(decided, games["turns"].astype(np.int64), -1)
    order = np.argsort(-turns, axis=None, kind="stable")
    found = [
        _piece(measures, "longest", *divmod(int(at), turns.shape[1]))
        for at in islice(order, num)
        if turns.flat[at] >= 0
    ]
    for cell, index in islice(_close(measures, decided), 2 * num):
        found.append(_piece(measures, "closest pair", cell, index))
    sides: tuple[tuple[Role, str], ...] = (("hunts", "hunter"), ("guards", "guardian"))
    for role, side in sides:
        loss, judged = measures.losses(role)
        loss = np.where(judged, loss, 0)
        worst = np.argsort(-loss, axis=None, kind="stable")[:num]
        for at in worst[loss.flat[worst] > 0].tolist():
            why = f"the {side} lost {loss.flat[at]} turns against exact play"
            found.append(_piece(measures, why, *divmod(at, loss.shape[1])))
    return found


def _close(measures: Measures, decided: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Games of the pairs in which both hunters won or both lost, by how far apart in turns; the longer first.

    Only games of at least the median length are looked at: short ones are alike anyhow.
    """
    schedule, games = measures.schedule, measures.results.games
    if not decided.any():
        return []
    decided = decided & (games["turns"] >= np.median(games["turns"][decided]))
    pairs = []
    for venue_cells in schedule.cell_of:
        for there, back in venue_cells.tolist():
            if there == back or schedule.cells[back].copy:
                continue
            both = decided[there] & decided[back] & (games["score"][there] == games["score"][back])
            indices = np.flatnonzero(both)
            turns = games["turns"][there][indices].astype(np.int64), games["turns"][back][indices].astype(np.int64)
            order = np.lexsort((-turns[0], abs(turns[0] - turns[1])))[:3]
            pairs += [
                (abs(int(turns[0][at] - turns[1][at])), -int(turns[0][at]), there, back, int(indices[at]))
                for at in order
            ]
    return [(cell, index) for *_, there, back, index in sorted(set(pairs)) for cell in (there, back)]


def _piece(measures: Measures, why: str, cell: int, index: int) -> Showpiece:
    schedule = measures.schedule
    found, game = schedule.cells[cell], measures.results.games[cell, index]
    seed = int(schedule.seeds(found.venue, np.array([index]))[0])
    return Showpiece(
        why,
        schedule.plan.venues[found.venue].label,
        found.hunter,
        found.guardian,
        seed,
        measures.outcome(cell, index),
        int(game["turns"]),
        command(schedule, cell, seed),
    )


def charts(measures: Measures) -> list[Chart]:
    """The share of games won by each hunter until each turn, board by board; and the tests as they went."""
    made = []
    for number, venue in enumerate(measures.schedule.plan.venues):
        curves = []
        for hunter in measures.hunters:
            cells = [
                at for at, cell in enumerate(measures.schedule.cells) if (cell.venue, cell.hunter) == (number, hunter)
            ]
            clean, won = measures.clean[cells], measures.won[cells]
            if clean.any():
                limit = int(measures.limits[cells[0]])
                share = (
                    np.bincount(measures.time[cells][won].astype(np.int64), minlength=limit + 1).cumsum() / clean.sum()
                )
                at = _some(limit + 1)
                curves.append(Curve(hunter or "the scenario's", at.tolist(), share[at].tolist()))
        made.append(Chart(f"Won by the hunter, {venue.label}", "turn", "share of games", curves))
    sprt = measures.schedule.plan.sprt
    if sprt is not None:
        curves = []
        for pairing, (first, second) in enumerate(measures.schedule.pairings):
            num, _ = measures.results.stop(pairing)
            if num:
                path, at = sprt.path(measures.results.quarters(pairing)[:num]), _some(num)
                names = [measures.schedule.plan.entrants[entrant].name for entrant in (first, second)]
                curves.append(Curve(" against ".join(names), (at + 1).tolist(), path[at].tolist()))
        made.append(Chart("Sequential test", "pairs", "log-likelihood ratio", curves, sprt.limits))
    return made


def _some(num: int) -> NDArray[np.int64]:
    """At most so many indices below a number, spread evenly, the first and the last among them."""
    return np.unique(np.linspace(0, num - 1, min(num, _POINTS)).astype(np.int64))
