"""Playing on from a turn of a replay, with other policies or other luck: once, or many times."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

import pursuit
from pursuit.content.files.problems import fail
from pursuit.core.state import State
from pursuit.play import records
from pursuit.play.lineup import assign
from pursuit.play.record import rules_hash
from pursuit.play.replay import Replay
from pursuit.play.result import Result
from pursuit.play.rollout import rollout
from pursuit.play.session import play
from pursuit.play.voices import Speaker
from pursuit.rules.told.events import Event


def fork(
    replay: Replay,
    turn: int,
    overrides: Iterable[str],
    path: Path | None = None,
    tell: Callable[[int, list[Event]], None] | None = None,
    seed: int | None = None,
) -> Result:
    """Play on after ``turn`` turns; agents keep the replay's policies unless ``overrides`` say otherwise.

    The policies are shown the recorded turns first, so that they remember what they saw. The new replay begins at
    the turn and names its parent; from there on chance goes by ``seed``, which is the replay's own if none is given.
    Raises ContentError for a turn that the replay does not have, or that ended it.
    """
    speakers = _speakers(replay, turn, overrides)
    seed = replay.seed if seed is None else seed
    parent = records.Parent(replay.path.name, turn, replay.digest(turn) if turn else "")
    version = {slot: (s.spec, s.policy.version) for s in speakers for slot in s.slots}
    players = [records.Player(name, *version[slot]) for slot, name in enumerate(replay.world.agent_name)]
    head = msgspec.structs.replace(
        replay.head,
        format=records.FORMAT,
        engine=pursuit.__version__,
        rules=rules_hash(replay.world),
        seed=seed,
        agents=players,
        parent=parent,
    )
    states = _states(replay, turn, np.array([seed], np.uint64))
    return play(replay.world, seed, speakers, head=head, path=path, tell=tell, start=states[-1], history=states[:-1])


def onward(replay: Replay, turn: int, overrides: Iterable[str], seeds: NDArray[np.uint64]) -> Result:
    """What comes of playing on after ``turn`` turns, once for each of the seeds, [B]; as `fork` plays it.

    Raises ContentError as `fork` does.
    """
    speakers = _speakers(replay, turn, overrides)
    states = _states(replay, turn, seeds)
    return rollout(replay.world, states[-1], speakers, history=states[:-1])


def _speakers(replay: Replay, turn: int, overrides: Iterable[str]) -> tuple[Speaker, ...]:
    """Who chooses from the turn on. Raises ContentError for a turn that nobody can play on from."""
    if not 0 <= turn <= replay.num_turns:
        raise fail("no-such-turn", f"the replay has turns 0 to {replay.num_turns}, not {turn}", str(replay.path))
    if replay.state(turn).ended.all():
        raise fail("episode-over", f"the episode has ended at turn {turn}: fork an earlier one", str(replay.path))
    return assign(replay.world, [player.policy for player in replay.head.agents], overrides)


def _states(replay: Replay, turn: int, seeds: NDArray[np.uint64]) -> list[State]:
    """The recorded states up to a turn, a row for each seed."""
    rows = np.zeros(len(seeds), np.intp)
    return [replay.state(at).take(rows).evolve(seed=seeds.copy()) for at in range(turn + 1)]
