"""Playing on from a turn of a replay, with other policies."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec

import pursuit
from pursuit.content.files.problems import fail
from pursuit.play import records
from pursuit.play.lineup import assign
from pursuit.play.record import rules_hash
from pursuit.play.replay import Replay
from pursuit.play.result import Result
from pursuit.play.session import play
from pursuit.rules.told.events import Event


def fork(
    replay: Replay,
    turn: int,
    overrides: Iterable[str],
    path: Path | None = None,
    tell: Callable[[int, list[Event]], None] | None = None,
) -> Result:
    """Play on after ``turn`` turns; agents keep the replay's policies unless ``overrides`` say otherwise.

    The policies are shown the recorded turns first, so that they remember what they saw. The new replay begins at
    the turn and names its parent. Raises ContentError for a turn that the replay does not have, or that ended it.
    """
    if not 0 <= turn <= replay.num_turns:
        raise fail("no-such-turn", f"the replay has turns 0 to {replay.num_turns}, not {turn}", str(replay.path))
    start = replay.state(turn)
    if start.ended.all():
        raise fail("episode-over", f"the episode has ended at turn {turn}: fork an earlier one", str(replay.path))
    speakers = assign(replay.world, [player.policy for player in replay.head.agents], overrides)
    parent = records.Parent(replay.path.name, turn, replay.digest(turn) if turn else "")
    version = {slot: (s.spec, s.policy.version) for s in speakers for slot in s.slots}
    players = [records.Player(name, *version[slot]) for slot, name in enumerate(replay.world.agent_name)]
    head = msgspec.structs.replace(
        replay.head,
        format=records.FORMAT,
        engine=pursuit.__version__,
        rules=rules_hash(replay.world),
        agents=players,
        parent=parent,
    )
    history = [replay.state(earlier) for earlier in range(turn)]
    return play(replay.world, replay.seed, speakers, head=head, path=path, tell=tell, start=start, history=history)
