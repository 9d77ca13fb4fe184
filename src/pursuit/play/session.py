"""One episode played from start to end: told, checked and recorded as it goes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np

import pursuit
from pursuit.content.scenario import Scenario
from pursuit.core.state import State
from pursuit.core.world import World
from pursuit.play import records
from pursuit.play.lineup import specs
from pursuit.play.overlay import beliefs
from pursuit.play.record import Recorder, rules_hash, text_hash
from pursuit.play.regret import judge_of
from pursuit.play.result import Result
from pursuit.play.rollout import OnTurn, Step, rollout
from pursuit.play.voices import Speaker
from pursuit.rules.told.events import Event, events
from pursuit.rules.turn import fresh


def make_head(
    scenario: Scenario, seed: int, speakers: Sequence[Speaker], parent: records.Parent | None = None
) -> records.Head:
    """The head of a replay of an episode that these speakers play."""
    world = scenario.world
    version = {slot: speaker.policy.version for speaker in speakers for slot in speaker.slots}
    written = enumerate(specs(world, speakers))
    return records.Head(
        format=records.FORMAT,
        engine=pursuit.__version__,
        rules=rules_hash(world),
        scenario=world.name,
        title=world.title,
        line=scenario.line,
        seed=seed,
        params=dict(scenario.params),
        texts={role: records.Text(text, text_hash(text)) for role, text in scenario.texts.items()},
        agents=[records.Player(world.agent_name[slot], spec, version[slot]) for slot, spec in written],
        parent=parent,
    )


def play(
    world: World,
    seed: int,
    speakers: Sequence[Speaker],
    *,
    head: records.Head | None = None,
    path: Path | None = None,
    tell: Callable[[int, list[Event]], None] | None = None,
    listeners: Iterable[OnTurn] = (),
    start: State | None = None,
    history: Sequence[State] = (),
    turns: int | None = None,
    strict: bool = False,
) -> Result:
    """Play one episode, from ``start`` or from the world's own start.

    With ``head`` and ``path`` a replay is written, which can be read whatever interrupts the play; where the game is
    soon solved, it says what each move loses. ``tell`` hears the
    events of every turn, turn 0 being the scenario's opening; ``listeners`` (checks, coverage) hear of the turns
    themselves. Raises ContentError if the replay cannot be written.
    """
    state = fresh(world, np.array([seed], np.uint64)) if start is None else start
    listening = list(listeners)
    recorder = Recorder(path, head, state) if head is not None and path is not None else None
    if tell is not None and start is None:
        tell(0, events(world, state, state)[0])
    judge = judge_of(world) if recorder is not None else None
    played = 0

    def on_turn(turn: Step) -> None:
        nonlocal played
        played += 1
        for listener in listening:
            listener(turn)
        if recorder is None and tell is None:
            return
        happened = events(world, turn.before, turn.after)[0]
        if recorder is not None:
            exact = judge.judge(turn.before, turn.after).facts(0) if judge is not None else []
            recorder.turn(turn.before, turn.actions, turn.after, happened, exact, beliefs(turn.channels))
        if tell is not None:
            tell(played, happened)

    try:
        draws = recorder.draws if recorder is not None else None
        result = rollout(
            world, state, speakers, draws=draws, turns=turns, on_turn=on_turn, history=history, strict=strict
        )
        if recorder is not None:
            recorder.end(world, result.state)
    finally:
        if recorder is not None:
            recorder.close()
    return result
