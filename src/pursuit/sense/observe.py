"""State to Observation: what each mind may know, and nothing else.

An observation is a view: a field is worked out when somebody first reads it, by its function in `sense.fields`.

Dimension letters as in `sense.observation`.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.core.state import Rows, State, Status
from pursuit.core.world import World
from pursuit.rules.common import sight_table, unless
from pursuit.sense.fields import FIELD, LISTED, OF_MATES
from pursuit.sense.live import Bools, Flat, Live, Members, members, some_rows
from pursuit.sense.observation import Beliefs, Brief, Imagined, Observation

Array = NDArray[Any]

_SLOT_BITS = 6
_SLOTS = (1 << _SLOT_BITS) - 1


def observe(world: World, state: State, live: Live, before: State | None = None, belief: Beliefs | None = None) -> View:
    """What the minds of `live` know at `state`, and what they believe, row by row.

    `before` is the state one turn earlier, of the same episodes: only `body_was` needs it, and is -1 without.
    """
    return View(world, state, live, before, belief)


def revealed(state: State, obs: Observation) -> Observation:
    """What an oracle is handed in a classical ruleset: the observation with everybody's true place.

    It is for yardsticks. Rows of bodies are slots there, whether they are in sight or not.
    """
    assert isinstance(obs, View), "an observation as `observe` makes it"
    everybody = obs.rows_of(np.where(state.status == Status.WELL.value, state.node, np.int32(-1)))
    return Imagined(obs, body_node=np.where(obs.mate, np.int32(-1), everybody))


def brief(world: World, own: tuple[int, ...], params: dict[str, float | int | str | bool] | None = None) -> Brief:
    """What a policy that speaks for the slots `own` is told before the first turn."""
    return Brief(
        ruleset=world.ruleset,
        board=world.board,
        ways=world.ways,
        sight=world.sight,
        roster=world.roster,
        numbers=world.numbers,
        turns=world.turns,
        agent_name=world.agent_name,
        kind=world.kind,
        side=world.side,
        quarry=world.quarry,
        item_simple=world.item_simple,
        item_weapon=world.item_weapon,
        item_radio=world.item_radio,
        vehicle_kind=world.vehicle_kind,
        exits=world.exits,
        hazard_nodes=world.hazard_nodes,
        hazard_kind=world.hazard_kind,
        cues=world.script.cues,
        capture_hops=world.capture_hops,
        shifter=world.shifter,
        own=own,
        params=dict(params or {}),
        derived=world.derive(_tables),
    )


def _tables(world: World) -> dict[Any, Any]:
    """What the briefs of a world derive."""
    return {}


class View(Observation):
    """An Observation whose fields come into being when read."""

    def __init__(
        self, world: World, state: State, live: Live, before: State | None, belief: Beliefs | None = None
    ) -> None:
        self.__dict__.update(_world=world, _state=state, _live=live, _before=before, belief=belief)

    def __getattr__(self, name: str) -> Any:
        try:
            field = FIELD[name]
        except KeyError:
            raise AttributeError(f"an Observation has no field {name!r}") from None
        value = self.__dict__[name] = field(self)
        return value

    @property
    def num_rows(self) -> int:
        return len(self._live.episode)

    @cached_property
    def actors(self) -> tuple[Flat, Flat]:
        actors = self._live.actors
        if actors is None:
            actors = np.divmod(np.flatnonzero(self.own), self.own.shape[1])
        return actors

    @property
    def is_aligned(self) -> bool:
        return self._live.is_aligned

    def of_actors(self, name: str) -> Array:
        live = self._live
        if name in OF_MATES and live.actors is not None:  # own agents are mates: no need to blank the others first
            entry: Array = getattr(self._state, name).T.take(live.cells)
            return entry
        return super().of_actors(name)

    def of_slots(self, name: str, slots: slice | Flat) -> Array:
        world, state, mind = self._world, self._state, self._live.whole
        if mind < 0 or name not in ("node", "body_node") or name in self.__dict__:
            return super().of_slots(name, slots)
        if name == "node":
            known = (state.status.T[slots] == Status.WELL.value) & (world.mind[slots] == mind)[:, None]
        else:
            known = state.row.T[slots, mind] >= 0  # rows are slots where rows are episodes
        return unless(known, state.node.T[slots])

    def take(self, rows: Rows) -> Observation:
        belief = self.belief.take(rows) if self.belief is not None else None
        return View(self._world, self._state, some_rows(self._live, rows), self._before, belief)

    def rows_of(self, column: Array) -> Array:
        """The episode's entry for each row: [B, …] to [R, …]."""
        return column if self._live.whole >= 0 else column.T.take(self._live.episode, axis=-1).T

    @cached_property
    def row_numbers(self) -> NDArray[np.int8]:
        """Row of each slot's body, [R, A]; -1 unseen."""
        return self.of_mind(self._state.row)

    def of_mind(self, column: Array) -> Array:
        """The mind's entry for each row: [B, M, …] to [R, …]."""
        live = self._live
        if live.whole >= 0:
            part: Array = column[:, live.whole]
            return part
        flipped = column.T  # [..., M, B], as it lies in memory
        merged = flipped.reshape(*flipped.shape[:-2], -1)
        taken: Array = merged.take(live.views, axis=-1).T
        return taken

    @cached_property
    def seen(self) -> tuple[Flat, Flat, Flat]:
        """(cells, rows, slots) of the bodies, [n] each, in order of cell: body row * R + row."""
        number = self.row_numbers.T
        num_rows = number.shape[1]
        flat = (number >= 0).reshape(-1).nonzero()[0]
        slots = flat // num_rows
        cells = number.reshape(-1).take(flat) * np.intp(num_rows) + (flat - slots * num_rows)
        code = cells << _SLOT_BITS | slots  # nobody is to tell from the order of the list which slot a body is
        code.sort()
        cells = code >> _SLOT_BITS
        return cells, cells % num_rows, code & _SLOTS

    @cached_property
    def bodies(self) -> tuple[Flat, Flat]:
        cells, rows, _ = self.seen
        return rows, cells // self.num_rows

    def of_bodies(self, name: str) -> Array:
        listed = self._listed
        if name not in listed:
            listed[name] = LISTED[name](self) if name in LISTED else super().of_bodies(name)
        return listed[name]

    @cached_property
    def _listed(self) -> dict[str, Array]:
        return {}

    @cached_property
    def shown(self) -> Flat:
        """Where the entries of the bodies of `seen` are in a column [B, A] as it lies in memory, [n]."""
        _, rows, slots = self.seen
        shown: Flat = slots * self._live.batch + self._live.episode.take(rows)
        return shown

    @cached_property
    def gone(self) -> Bools:
        """Which of the bodies of `seen` are out of sight by now, [n]."""
        _, rows, slots = self.seen
        gone: Bools = self._state.left[self._live.episode.take(rows), self._live.mind.take(rows), slots]
        return gone

    @cached_property
    def member(self) -> Members:
        live = self._live
        return live.member if self.mate is live.__dict__.get("mate") else members(live, self.mate)

    def seen_by_any(self, nodes: Array) -> Bools:
        """Which of some nodes [R, X] any member sees; -1 is seen by nobody."""
        world = self._world
        if world.board.sight_hops < 0:
            return (nodes >= 0) & np.any(self.mate, axis=1, keepdims=True)
        member = self.member
        table = sight_table(world, self._state).take(member.episode)
        eyes = self._state.node.T.take(member.cell)
        goal = nodes if member.first is None else nodes.T.take(member.row, axis=-1).T
        seen = world.sight.sees(table[:, None], eyes[:, None], goal) & (goal >= 0)
        return seen if member.first is None else any_member(seen, member, self.num_rows)


def any_member(facts: Bools, member: Members, num_rows: int) -> Bools:
    """For facts [n, X] about members, what holds for any member of each row, [R, X]."""
    out = np.zeros((num_rows, facts.shape[1]), np.bool_)
    if facts.size and member.first is not None:
        out[member.row[member.first]] = np.logical_or.reduceat(facts, member.first, axis=0)
    return out
