"""Frames: who is shown where, and that a mind is shown only what it knows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.viewer.fake import FakeReplay, mall_replay

from pursuit.core.state import State, Status
from pursuit.play.records import Belief
from pursuit.viewer.compose import compose
from pursuit.viewer.frame import Lens, View
from pursuit.viewer.motion import along, part, spread
from pursuit.viewer.reel import Reel, shorten
from pursuit.viewer.words import _retold


@pytest.fixture(scope="module")
def reel() -> Reel:
    return Reel(mall_replay())


def test_everybody_on_the_board_is_shown_under_their_own_name(reel: Reel) -> None:
    for turn in range(reel.num_turns + 1):
        frame, state = compose(reel, turn), reel.state(turn)
        present = np.flatnonzero(state.status[0] <= Status.OFFLINE)
        named = [(body.behind or body.look).name for body in frame.bodies]
        assert named == [reel.looks[slot].name for slot in present]
        for slot, body in zip(present.tolist(), frame.bodies, strict=True):
            assert body.look == reel.looks[int(state.guise[0, slot])]
            assert body.at == tuple(reel.layout.node_xy[state.node[0, slot]])


def test_a_masked_body_shows_both_faces_to_who_sees_all_and_one_to_others(reel: Reel) -> None:
    shown = 0
    for turn in range(reel.num_turns + 1):
        state = reel.state(turn)
        for slot in np.flatnonzero(state.guise[0] != np.arange(reel.world.num_agents)).tolist():
            true = compose(reel, turn)
            assert reel.looks[slot] in [body.behind for body in true.bodies]
            for viewpoint in range(reel.world.num_agents):
                if state.mind[0, viewpoint] == state.mind[0, slot]:
                    continue
                frame = compose(reel, turn, View(viewpoint, Lens.SEEN))
                assert all(body.behind is None for body in frame.bodies)
                assert all(entry.behind is None for entry in frame.entries)
                shown += len(frame.bodies)
    assert shown > 0


def test_the_seen_lens_shows_mates_and_rows_and_nobody_else(reel: Reel) -> None:
    hidden = 0
    for turn in range(reel.num_turns + 1):
        state = reel.state(turn)
        for viewpoint in range(reel.world.num_agents):
            mind = int(state.mind[0, viewpoint])
            mates = (state.mind[0] == mind) & (state.status[0] == Status.WELL)
            known = mates | (state.row[0, mind] >= 0)
            frame = compose(reel, turn, View(viewpoint, Lens.SEEN))
            assert len(frame.bodies) == known.sum()
            looks = sorted(body.look.name for body in frame.bodies)
            assert looks == sorted(reel.looks[g].name for g in state.guise[0, known].tolist())
            hidden += int((state.status[0, ~known] <= Status.OFFLINE).sum())
            told = [body.health is not None for body in frame.bodies]
            assert sum(told) == mates.sum()
    assert hidden > 0


def _same_for_who_cannot_see(state: State, viewpoint: int, slot: int, node: int) -> State:
    """The state with an unseen agent somewhere else, worse off and busy."""
    moved = {name: getattr(state, name).copy() for name in ("node", "path", "health", "noise", "marks")}
    moved["node"][0, slot] = node
    moved["path"][0, slot] = node
    moved["health"][0, slot] = 1
    moved["noise"][0, slot] = 0
    moved["marks"][0, slot] = 0
    return state.evolve(**moved)


def test_facts_a_mind_cannot_know_leave_its_picture_as_it_is() -> None:
    replay, tried = mall_replay(), 0
    for turn in range(1, replay.num_turns, 5):
        state = replay.state(turn)
        for viewpoint in (2, 3, 6):
            mind = int(state.mind[0, viewpoint])
            unseen = (state.row[0, mind] < 0) & (state.mind[0] != mind) & (state.ride[0] < 0)
            for slot in np.flatnonzero(unseen & (state.noise[0] == 0)).tolist():
                states = list(replay.states)
                states[turn] = _same_for_who_cannot_see(state, viewpoint, slot, 0)
                other = FakeReplay(replay.world, states, replay.played)
                view = View(viewpoint, Lens.SEEN, trails=False)
                one, two = compose(Reel(replay), turn, view), compose(Reel(other), turn, view)
                assert (one.bodies, one.rides, one.things, one.effects) == (
                    two.bodies,
                    two.rides,
                    two.things,
                    two.effects,
                )
                assert (one.doors, one.entries) == (two.doors, two.entries)
                tried += 1
    assert tried > 20


def _known(state: State) -> NDArray[np.bool_]:
    """Whom the mind of slot 2 has a place of: bodies in sight and mates, [A]."""
    mind = int(state.mind[0, 2])
    return (state.row[0, mind] >= 0) | (state.mind[0] == mind)


def test_between_turns_the_seen_lens_never_shows_a_way_out_of_sight(reel: Reel) -> None:
    for turn in range(reel.num_turns):
        before, after = reel.state(turn), reel.state(turn + 1)
        places = {tuple(xy) for xy in reel.layout.node_xy.tolist()}
        both = _known(before) & _known(after)
        for body in compose(reel, turn + 0.3, View(2, Lens.SEEN)).bodies:
            if body.at not in places:
                movers = np.flatnonzero(both)
                assert body.look in [reel.looks[int(before.guise[0, slot])] for slot in movers]


def test_the_log_tells_a_mind_no_true_names(reel: Reel) -> None:
    told, masked = 0, 0
    for turn in range(1, reel.num_turns + 1):
        state = reel.state(turn)
        is_masked = state.guise[0, 0] != 0 and state.status[0, 0] == Status.WELL
        for line in compose(reel, turn, View(2, Lens.SEEN)).log:
            if line.turn == turn:
                told += 1
                masked += bool(is_masked)
                assert ", as " not in line.text and "false" not in line.text
                assert not (is_masked and "T-1000" in line.text)
    assert told > 0 and masked > 0


def test_what_a_masked_one_is_seen_to_do_is_told_of_its_look(reel: Reel) -> None:
    texts = {
        "The T-1000, as the friend, stabs John.": "The friend stabs John.",
        "John strikes the false friend.": "John strikes the friend.",
        "The T-1000 and John see each other.": "",
        "John opens the door.": "John opens the door.",
    }
    for text, retold in texts.items():
        assert _retold(reel.teller, text, [(0, 7)]) == retold


def test_positions_are_clipped(reel: Reel) -> None:
    assert compose(reel, -3).heading.turn == 0
    assert compose(reel, 1e9).heading.turn == reel.num_turns


def test_all_seeing_frames_do_not_veil_and_a_mind_does(reel: Reel) -> None:
    assert compose(reel, 3).in_sight is None
    veil = compose(reel, 3, View(2)).in_sight
    assert veil is not None and 0 < veil.sum() < len(veil)
    assert compose(reel, 3, View(2, vision=False)).in_sight is None


def test_plans_lead_from_where_one_is_to_a_goal(reel: Reel) -> None:
    plans = [track for turn in range(12) for track in compose(reel, turn, View(plans=True)).tracks if track.plan]
    assert plans
    for track in plans:
        for a, b in zip(track.nodes, track.nodes[1:], strict=False):
            assert b in reel.world.board.neighbor[a]
    everybody = {body.at for body in compose(reel, 0).bodies}
    firsts = [track for track in compose(reel, 0, View(plans=True)).tracks if track.plan]
    assert all(tuple(reel.layout.node_xy[track.nodes[0]]) in everybody for track in firsts)


def test_the_shifters_looks_are_listed(reel: Reel) -> None:
    entry = next(entry for entry in compose(reel, 0).entries if (entry.behind or entry.look).name == "T-1000")
    assert [look.name for look in entry.looks] == ["first policeman", "friend"]
    blind = compose(reel, 0, View(2, Lens.SEEN))
    assert all(not entry.looks for entry in blind.entries)


def test_along_goes_evenly_and_jumps_stairs() -> None:
    xy = np.array([[0.0, 0.0], [10.0, 0.0], [10.0, 10.0], [50.0, 50.0]])
    level = np.array([0, 0, 0, 1], np.int8)
    path = np.array([0, 1, 1, 2])
    assert along(xy, level, path, 0.0) == (0.0, 0.0)
    assert along(xy, level, path, 0.25) == (5.0, 0.0)
    assert along(xy, level, path, 0.75) == (10.0, 5.0)
    assert along(xy, level, path, 1.0) == (10.0, 10.0)
    stairs = np.array([2, 3])
    assert along(xy, level, stairs, 0.4) == (10.0, 10.0)
    assert along(xy, level, stairs, 0.6) == (50.0, 50.0)
    assert along(xy, level, np.array([1, 1]), 0.5) == (10.0, 0.0)


def test_spread_and_part_keep_pieces_apart() -> None:
    assert spread([4, 7]) == [(0.0, 0.0), (0.0, 0.0)]
    ring = spread([3, 3, 3])
    assert len(set(ring)) == 3
    spots = part([(0.0, 0.0), (3.0, 0.0), (200.0, 0.0)], [10.0, 10.0, 10.0], rounds=30)
    assert abs(spots[0][0] - spots[1][0]) > 19 and spots[2] == (200.0, 0.0)


def test_codes_are_short_and_all_different() -> None:
    names = ["t_1000", "t_800", "john", "sarah", "silberman", *(f"guard_{k}" for k in range(1, 14)), "", "été"]
    codes = shorten(names)
    assert codes[:5] == ("T1", "T8", "J", "Sa", "Si")
    assert len(set(codes)) == len(names) and all(1 <= len(code) <= 2 for code in codes)


def test_marks_of_replay_and_viewer_stand_side_by_side(reel: Reel) -> None:
    assert compose(reel, 0, marks={3: "mine"}).heading.marks == ((3, "mine"), (12, "first blood"))


def test_an_ended_replay_names_its_outcome() -> None:
    replay = mall_replay()
    ended = replay.state(replay.num_turns).evolve(outcome=np.array([1], np.int16))
    reel = Reel(replace(replay, states=[*replay.states[:-1], ended]))
    assert compose(reel, reel.num_turns).heading.outcome == "quarry escaped"
    assert compose(reel, 0).heading.outcome == ""


def test_what_a_mind_believes_is_shown_when_asked_for_and_only_that_minds() -> None:
    replay = mall_replay()
    reel = Reel(replay)
    turn = next(t for t in range(1, replay.num_turns) if (reel.state(t).row[0, reel.state(t).mind[0, 1]] >= 0).any())
    state = reel.state(turn)
    mind = int(state.mind[0, 1])
    seen = int(np.flatnonzero(state.row[0, mind] >= 0)[0])
    fake = [0] * (int(state.row[0, mind, seen]) + 1)
    fake[-1] = 730_000
    replay.held[turn] = [Belief(mind, "identity", 0, [0, 5, 600_000, 2, 5, 200_000, 1, 9, 100_000], fake)]
    assert compose(reel, turn, View(1)).heat is None
    for view in (View(1, heat=True), View(1, Lens.BELIEVED)):
        frame = compose(reel, turn, view)
        assert frame.heat is not None
        assert np.flatnonzero(frame.heat).tolist() == [5, 9]
        assert frame.heat[[5, 9]] == pytest.approx([0.8, 0.1])
        assert 0.73 in [body.doubt for body in frame.bodies]
    other = next(slot for slot in range(reel.world.num_agents) if state.mind[0, slot] != mind)
    assert compose(reel, turn, View(other, heat=True)).heat is None, "nothing is recorded of that mind"
    hidden, believed = (compose(reel, turn, View(1, lens)) for lens in (Lens.SEEN, Lens.BELIEVED))
    assert [body.look for body in hidden.bodies] == [body.look for body in believed.bodies]
