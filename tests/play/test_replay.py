"""Replays: every turn reachable, damage survived, differences named."""

from __future__ import annotations

import gzip
from pathlib import Path
from random import Random
from types import SimpleNamespace

import msgspec
import numpy as np
import pytest
from tests.play.playing import record_duel, record_story

from pursuit.content.files.problems import ContentError
from pursuit.content.scenario import load_scenario
from pursuit.core.state import digest
from pursuit.core.world import World
from pursuit.play import records
from pursuit.play.fork import fork
from pursuit.play.frames import bodies, load, pack
from pursuit.play.lineup import assign
from pursuit.play.replay import NewerFormatError, Replay, open_replay
from pursuit.play.session import make_head, play
from pursuit.play.verify import first_difference, verify


def of_story(path: Path, world: World) -> Replay:
    return Replay(path, load(path), lambda head: SimpleNamespace(world=world))


def lines_of(path: Path) -> list[bytes]:
    return load(path).splitlines(keepends=True)


@pytest.mark.parametrize("name", ["duel_grid", "duel_torus", "duel_lazy"])
def test_every_turn_of_a_duel_comes_back(tmp_path: Path, name: str) -> None:
    path = tmp_path / "duel.chase.jsonl"
    digests = record_duel(path, name)
    replay = open_replay(path)
    assert (replay.num_turns, replay.notice, replay.is_complete) == (len(digests) - 1, "", True)
    order = list(range(len(digests)))
    Random(1).shuffle(order)
    for turn in order:
        assert digest(replay.state(turn)) == digests[turn]
        assert turn == 0 or replay.digest(turn) == digests[turn]
    verdict = verify(replay)
    assert verdict.is_good and verdict.turns == replay.num_turns and replay.badge == "verified"


@pytest.mark.parametrize("world_seed", range(6))
def test_every_turn_of_a_story_comes_back(tmp_path: Path, world_seed: int) -> None:
    path = tmp_path / "story.chase.jsonl.gz"
    world, digests = record_story(path, world_seed)
    replay = of_story(path, world)
    for turn in [*range(len(digests)), *reversed(range(len(digests)))]:
        assert digest(replay.state(turn)) == digests[turn]
    assert verify(replay).is_good
    assert sum(replay.end.tallies.values()) == sum(len(replay.events(turn)) for turn in range(len(digests)))


def test_equal_play_makes_equal_files(tmp_path: Path) -> None:
    for name in ("a.chase.jsonl", "b.chase.jsonl"):
        record_duel(tmp_path / name)
    assert (tmp_path / "a.chase.jsonl").read_bytes() == (tmp_path / "b.chase.jsonl").read_bytes()


def survives(path: Path, data: bytes) -> None:
    """Whatever is in the file: a notice or a sentence, and every turn that is there can be shown."""
    path.write_bytes(data)
    try:
        replay = open_replay(path)
        for turn in {0, replay.num_turns // 2, replay.num_turns}:
            replay.state(turn)
            replay.events(turn)
        verdict = verify(replay)
    except ContentError as error:
        assert str(error)
        return
    assert verdict.is_good or replay.notice or verdict.difference is not None or not verdict.can_verify


def damage(path: Path, tries: int, seed: int) -> None:
    record_duel(path)
    whole = path.read_bytes()
    packed = gzip.compress(whole)
    chance = Random(seed)
    for _ in range(tries):
        data = bytearray(chance.choice((whole, packed)))
        way = chance.randrange(4)
        if way == 0:
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        elif way == 1:
            del data[chance.randrange(len(data)) :]
        elif way == 2:
            start = chance.randrange(len(data))
            del data[start : start + chance.randrange(1, 400)]
        else:
            start = chance.randrange(len(data))
            data[start : start + 8] = chance.randbytes(8)
        survives(path, bytes(data))


def test_damage_is_survived(tmp_path: Path) -> None:
    damage(tmp_path / "damaged.chase.jsonl", 100, 1)


@pytest.mark.slow
def test_much_damage_is_survived(tmp_path: Path) -> None:
    damage(tmp_path / "damaged.chase.jsonl", 5000, 2)


def test_a_cut_file_plays_up_to_there(tmp_path: Path) -> None:
    path = tmp_path / "cut.chase.jsonl"
    digests = record_duel(path)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) * 2 // 3])
    replay = open_replay(path)
    assert 0 < replay.num_turns < len(digests) - 1
    assert "cut off or damaged after turn" in replay.notice
    assert digest(replay.state(replay.num_turns)) == digests[replay.num_turns]
    verdict = verify(replay)
    assert verdict.difference is None and not verdict.is_good


def test_a_replay_without_its_last_record_says_so(tmp_path: Path) -> None:
    path = tmp_path / "open.chase.jsonl"
    record_duel(path)
    path.write_bytes(b"".join(lines_of(path)[:-1]))
    assert "before the episode was closed" in open_replay(path).notice


def test_a_damaged_head_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "head.chase.jsonl"
    record_duel(path)
    whole = path.read_bytes()
    for data in (b"", b"\n", b"hello\n", whole[:100], whole.replace(b'"seed"', b'"sead"', 1), b"\x1f\x8b" + whole):
        path.write_bytes(data)
        with pytest.raises(ContentError, match="no replay, or its head is damaged"):
            open_replay(path)


def rewrite(path: Path, kind: type[records.Record], **fields: object) -> None:
    """Change the first record of a kind, crc and all, as only a forger would."""
    found, out = False, []
    for body in bodies(load(path)):
        assert body is not None
        if not found and records.kind_of(body) == kind.__name__.lower():
            body = records.encode(msgspec.structs.replace(records.decode(body, kind), **fields))
            found = True
        out.append(pack(body))
    path.write_bytes(b"".join(out))


def test_a_newer_format_is_refused_with_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "new.chase.jsonl"
    record_duel(path)
    rewrite(path, records.Head, format=records.FORMAT + 1)
    with pytest.raises(NewerFormatError, match="made by a later version: format 2, this one reads up to 1"):
        open_replay(path)


def test_other_rules_can_be_watched_but_not_verified(tmp_path: Path) -> None:
    path = tmp_path / "old.chase.jsonl"
    digests = record_duel(path)
    rewrite(path, records.Head, rules="0123456789abcdef")
    replay = open_replay(path)
    assert digest(replay.state(9)) == digests[9]
    verdict = verify(replay)
    assert (verdict.can_verify, verdict.is_good, replay.badge) == (False, False, "watch only")


def test_forged_embedded_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "forged.chase.jsonl"
    record_duel(path)
    head = open_replay(path).head
    text = head.texts["scenario"]
    rewrite(path, records.Head, texts={**head.texts, "scenario": records.Text(text.text + "\n# more", text.hash)})
    with pytest.raises(ContentError, match="does not match its hash"):
        open_replay(path).state(0)


@pytest.mark.parametrize(
    "changed",
    [
        {"node": [0, 10**9]},
        {"node": [0, 5000]},
        {"node": [0, -1]},
        {"node": [10**9, 1]},
        {"node": [-1, 1]},
        {"node": [0, 10**30]},
        {"status": [0, 99]},
    ],
)
def test_forged_states_are_refused(tmp_path: Path, changed: dict[str, list[int]]) -> None:
    path = tmp_path / "forged.chase.jsonl"
    record_duel(path)
    rewrite(path, records.Turn, changed=changed)
    with pytest.raises(ContentError, match="damaged-replay"):
        open_replay(path).state(1)


def test_what_is_not_index_and_value_by_turns_is_damage(tmp_path: Path) -> None:
    path = tmp_path / "odd.chase.jsonl"
    record_duel(path)
    rewrite(path, records.Turn, changed={"node": [0]})
    assert (open_replay(path).num_turns, bool(open_replay(path).notice)) == (0, True)


def test_columns_of_later_rules_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "later.chase.jsonl"
    digests = record_duel(path)
    changed = open_replay(path).turn(1).changed
    rewrite(path, records.Turn, changed={"weather": [0, 3, 5, 7], **changed})
    assert digest(open_replay(path).state(1)) == digests[1]


def test_the_first_difference_is_named(tmp_path: Path) -> None:
    path = tmp_path / "other.chase.jsonl"
    record_duel(path)
    replay = open_replay(path)
    node = int(replay.state(1).node[0, 1])
    before = int(replay.state(0).node[0, 1])
    changed = {**replay.turn(1).changed, "node": [1, (node + 1) % 100]}
    rewrite(path, records.Turn, changed=changed)
    difference = verify(open_replay(path)).difference
    assert difference is not None
    assert (difference.turn, difference.column, difference.agent) == (1, "node", "pursuer")
    assert before != node


def test_draws_are_counted_and_compared(tmp_path: Path) -> None:
    path = tmp_path / "draws.chase.jsonl"
    world, digests = record_story(path, 1)
    replay = of_story(path, world)
    counted = [turn for turn in range(1, len(digests)) if replay.turn(turn).draws]
    assert counted, "no turn of this story asked for chance; choose another seed"
    rewrite(path, records.Turn, draws={"hit": 99})
    difference = verify(of_story(path, world)).difference
    assert difference is not None and difference.column == "draws of stream hit"


def test_marks_and_unknown_records_are_read(tmp_path: Path) -> None:
    path = tmp_path / "marks.chase.jsonl"
    record_duel(path)
    lines = lines_of(path)
    lines.insert(6, pack(records.encode(records.Mark(3, "a fine turn"))))
    lines.insert(7, pack(b'{"type":"weather","sky":"blue"}'))
    path.write_bytes(b"".join(lines))
    replay = open_replay(path)
    assert replay.marks == {3: "a fine turn"} and replay.is_complete


def test_missing_turns_are_noticed(tmp_path: Path) -> None:
    path = tmp_path / "gap.chase.jsonl"
    record_duel(path)
    lines = lines_of(path)
    path.write_bytes(b"".join(lines[:5] + lines[6:]))
    assert open_replay(path).num_turns == 3
    assert "damaged after turn 3" in open_replay(path).notice


def test_a_fork_plays_on(tmp_path: Path) -> None:
    path, other = tmp_path / "duel.chase.jsonl", tmp_path / "fork.chase.jsonl"
    digests = record_duel(path)
    replay = open_replay(path)
    result = fork(replay, 10, [], other)
    again = open_replay(other)
    assert again.head.parent == records.Parent("duel.chase.jsonl", 10, digests[10])
    assert digest(result.state) == digests[-1], "the same policies, remembering, play on the same"
    assert verify(again).is_good
    fork(replay, 10, ["evader=stand_still"], other)
    difference = first_difference(replay, open_replay(other))
    assert difference is not None
    with pytest.raises(ContentError, match="turns 0 to"):
        fork(replay, 1000, [])
    with pytest.raises(ContentError, match="has ended"):
        fork(replay, replay.num_turns, [])


def test_seeds_of_64_bits_survive(tmp_path: Path) -> None:
    path = tmp_path / "large.chase.jsonl"
    record_duel(path, seed=2**64 - 1)
    replay = open_replay(path)
    assert replay.seed == 2**64 - 1 and replay.state(3).seed[0] == np.uint64(2**64 - 1)
    assert verify(replay).is_good


def test_what_minds_believe_is_written_and_read(tmp_path: Path) -> None:
    scenario = load_scenario("masquerade", "open")
    world, path = scenario.world, tmp_path / "m.chase.jsonl"
    speakers = assign(world, scenario.policies)
    play(world, 3, speakers, head=make_head(scenario, 3, speakers), path=path, turns=6)
    replay = open_replay(path)
    for turn in range(6):
        held = replay.beliefs(turn)
        minds = replay.state(turn).mind[0]
        assert {belief.mind for belief in held} == {int(minds[slot]) for slot in range(3)}
        for belief in held:
            assert belief.filter == ("mirror" if belief.mind == minds[world.shifter] else "identity")
            cells = np.array(belief.shifter).reshape(-1, 3)
            assert len(cells) and (cells[:, 2] > 0).all() and cells[:, 2].sum() + belief.gone <= 1_000_030
            assert len(belief.fake) <= world.num_agents
    assert replay.beliefs(6) == [], "of the last state nothing is written"
    assert verify(replay).is_good, "beliefs are no part of what is verified"
