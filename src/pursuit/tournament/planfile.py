"""Tournaments as TOML files: entrants, boards, pairs, bounds and limits (`docs/tournaments.md`)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from pursuit.content.files.problems import ContentError, fail
from pursuit.content.files.source import Source
from pursuit.content.scenario import Line
from pursuit.content.script.params import Value
from pursuit.tournament.plan import Limits, Mode, Plan, Venue, read_entrants
from pursuit.tournament.sprt import Sprt

_VENUE = re.compile(r"^(?P<name>[^()]+?)\s*(?:\((?P<params>[^()]*)\))?$")


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class BoardTable(_Table):
    """A scenario to play on."""

    scenario: str
    line: Line = "open"
    params: dict[str, Value] = {}
    policies: list[str] = []


class SprtTable(_Table):
    """A sequential test."""

    low: float
    high: float
    alpha: float = Field(0.05, gt=0, lt=0.5)
    beta: float = Field(0.05, gt=0, lt=0.5)


class LimitsTable(_Table):
    """What a policy may use."""

    seconds: float = Field(default=Limits.seconds, gt=0)
    memory: int = Field(default=Limits.memory, ge=1)


class PlanFile(_Table):
    """A tournament."""

    entrants: Annotated[list[str], Field(min_length=2)]
    board: Annotated[list[BoardTable], Field(min_length=1)]
    pairs: int = Field(ge=1)
    seed: int = Field(1, ge=0)
    sprt: SprtTable | None = None
    limits: LimitsTable = LimitsTable()
    regret: bool = False


def read_plan(path: Path, mode: Mode, *, pairs: int | None = None, seed: int | None = None) -> Plan:
    """The tournament in a file, with other pairs or another seed if these are given.

    Raises ContentError with every problem of the file.
    """
    source = Source.read(path)
    model = source.validate(PlanFile)
    source.check()
    assert model is not None  # else `check` had raised
    try:
        return Plan(
            mode=mode,
            entrants=read_entrants(model.entrants),
            venues=tuple(_venue(board, path.parent) for board in model.board),
            pairs=model.pairs if pairs is None else pairs,
            seed=model.seed if seed is None else seed,
            sprt=Sprt(**model.sprt.model_dump()) if model.sprt else None,
            limits=Limits(**model.limits.model_dump()),
            regret=model.regret,
        )
    except ContentError as error:  # what is wrong with the whole has no place of its own in the file
        for problem in error.problems:
            source.error(problem.code, problem.message, ("entrants",))
        source.check()
        raise


def read_venue(written: str, policies: Sequence[str] = ()) -> Venue:
    """A venue as it is written: ``NAME`` or ``NAME(parameter=value, …)``. Raises ContentError."""
    match = _VENUE.match(written.strip())
    if match is None:
        raise fail("scenario", f"{written!r}: write NAME or NAME(parameter=value)")
    params: list[tuple[str, Value]] = []
    for setting in filter(str.strip, (match["params"] or "").split(",")):
        name, equals, value = (part.strip() for part in setting.partition("="))
        if not equals or not name:
            raise fail("scenario", f"{written!r}: write NAME(parameter=value)")
        params.append((name, value))
    return _typed(Venue(match["name"], params=tuple(params), policies=tuple(policies)))


def _venue(board: BoardTable, beside: Path) -> Venue:
    here = beside / board.scenario
    name = str(here) if here.is_file() else board.scenario
    return _typed(Venue(name, board.line, tuple(board.params.items()), tuple(board.policies)))


def _typed(venue: Venue) -> Venue:
    """The same with its parameters' values as the scenario reads them."""
    known = venue.load().params
    return Venue(venue.scenario, venue.line, tuple((name, known[name]) for name, _ in venue.params), venue.policies)
