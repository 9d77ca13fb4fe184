"""What a tournament is: entrants, boards, and how they meet. Nothing is played here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from pursuit.content.files.problems import did_you_mean, fail
from pursuit.content.scenario import Line, Scenario, load_scenario
from pursuit.content.script.params import Value
from pursuit.play.lineup import canonical
from pursuit.policies.registry import PolicyError, find
from pursuit.tournament.sprt import Sprt

Mode: TypeAlias = Literal["match", "gauntlet", "roundrobin"]

SIDES = ("hunter", "guardian")


@dataclass(frozen=True)
class Entrant:
    """Who takes part: a policy that hunts and one that guards; "" leaves a side to the scenario's own policies."""

    hunter: str
    guardian: str

    @property
    def name(self) -> str:
        """As it is written: ``HUNTER/GUARDIAN``, ``HUNTER/`` or ``/GUARDIAN``."""
        return f"{self.hunter}/{self.guardian}"


@dataclass(frozen=True)
class Venue:
    """What is played on: a scenario with its parameters, and policies for those whom no entrant plays."""

    scenario: str
    line: Line = "open"
    params: tuple[tuple[str, Value], ...] = ()
    policies: tuple[str, ...] = ()  # SIDE=POLICY or AGENT=POLICY

    @property
    def label(self) -> str:
        """How tables name it; two venues of a tournament have two labels."""
        settings = [f"{name}={value}" for name, value in self.params]
        inside = ", ".join([*settings, *self.policies, *(["film"] if self.line == "film" else [])])
        return f"{self.scenario}({inside})" if inside else self.scenario

    def load(self) -> Scenario:
        """The scenario. Raises ContentError."""
        return load_scenario(self.scenario, line=self.line, params=dict(self.params))


@dataclass(frozen=True)
class Limits:
    """What a policy may use; beyond it a game is forfeit."""

    seconds: float = 30.0  # a call, which is a turn of one game if need be
    memory: int = 4096  # MiB, beyond what the process has when a batch begins


@dataclass(frozen=True)
class Plan:
    """A whole tournament."""

    mode: Mode
    entrants: tuple[Entrant, ...]
    venues: tuple[Venue, ...]
    pairs: int  # a pairing, on each venue
    seed: int = 1
    sprt: Sprt | None = None
    limits: Limits = Limits()
    regret: bool = False  # judge every move by exact play, on boards where it is known

    def __post_init__(self) -> None:
        problem = _problem(self)
        if problem:
            raise fail("tournament", problem)

    def pairings(self) -> tuple[tuple[int, int], ...]:
        """Who meets whom, by index: match and gauntlet the first and each other, a round robin everybody."""
        num = len(self.entrants)
        firsts = range(num) if self.mode == "roundrobin" else range(1)
        return tuple((first, second) for first in firsts for second in range(first + 1, num))


def read_entrants(written: Sequence[str]) -> tuple[Entrant, ...]:
    """Entrants as they are written.

    ``HUNTER/GUARDIAN`` plays both sides; ``HUNTER/`` and ``/GUARDIAN`` one. A bare NAME plays the side that its policy
    declares; where that may be either, all bare names must leave only one that suits them all. Raises ContentError.
    """
    bare = [text for text in written if not _split(text)[1:]]
    sides = [side for side in SIDES if all(side in _sides(text) for text in bare)]
    if bare and len(sides) != 1:
        named = " and ".join(dict.fromkeys(bare))
        why = "may play either side" if sides else "do not play the same side"
        raise fail("entrants", f"{named} {why}: write NAME/ for a hunter, /NAME for a guardian, or HUNTER/GUARDIAN")
    found = []
    for text in written:
        parts = [part.strip() for part in _split(text)]
        if len(parts) > 2 or not any(parts):
            raise fail("entrants", f"{text!r} is no entrant; write HUNTER/GUARDIAN, HUNTER/, /GUARDIAN or a policy")
        hunter, guardian = parts if len(parts) == 2 else (parts[0], "") if sides[0] == "hunter" else ("", parts[0])
        found.append(Entrant(canonical(hunter) if hunter else "", canonical(guardian) if guardian else ""))
    return tuple(found)


def _split(text: str) -> list[str]:
    """The parts between slashes that stand outside parentheses."""
    parts, depth = [""], 0
    for char in text:
        depth += (char == "(") - (char == ")")
        if char == "/" and depth <= 0:
            parts.append("")
        else:
            parts[-1] += char
    return parts


def _sides(spec: str) -> tuple[str, ...]:
    canonical(spec)  # says what is wrong with it, in the user's words
    try:
        return find(spec.split("(", maxsplit=1)[0].strip()).sides
    except PolicyError as error:
        raise fail("unknown-policy", str(error)) from None


def _problem(plan: Plan) -> str:
    """What makes a plan senseless, or the empty string."""
    if plan.mode not in ("match", "gauntlet", "roundrobin"):
        known = ("match", "gauntlet", "roundrobin")
        return f"{plan.mode!r} is no mode{did_you_mean(plan.mode, known) or '; there is ' + ', '.join(known)}"
    num = len(plan.entrants)
    if plan.mode == "match" and num != 2:
        return f"a match has two entrants, not {num}"
    if num < 2:
        return f"a {plan.mode} has at least two entrants, not {num}"
    if plan.mode != "match" and len(set(plan.entrants)) < num:
        return "an entrant takes part twice"
    one_sided = {side for side in SIDES for entrant in plan.entrants if not getattr(entrant, _other(side))}
    if len(one_sided) > 1:
        return "a hunter alone and a guardian alone have nothing in common; write HUNTER/GUARDIAN"
    if not plan.venues:
        return "there is no scenario to play on"
    labels = [venue.label for venue in plan.venues]
    if len(set(labels)) < len(labels):
        return "a scenario with the same parameters is there twice"
    if plan.pairs < 1:
        return "there must be at least one pair"
    if not 0 <= plan.seed < 1 << 64:
        return f"a seed is below 2^64, not {plan.seed}"
    if plan.sprt is not None and plan.sprt.low >= plan.sprt.high:
        return "the lower bound of a sequential test lies below its upper one"
    if plan.limits.seconds <= 0 or plan.limits.memory < 1:
        return "limits are above 0"
    return ""


def _other(side: str) -> str:
    return SIDES[1 - SIDES.index(side)]
