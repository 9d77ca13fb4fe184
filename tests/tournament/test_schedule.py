"""Who meets whom, on which seed: no game depends on anything but itself."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.tournament.staff import small

from pursuit.content.files.problems import ContentError
from pursuit.tournament.code import code_hashes
from pursuit.tournament.plan import Entrant, Limits, Plan, Venue, read_entrants
from pursuit.tournament.schedule import Schedule
from pursuit.tournament.spec import differences, make_spec, plan_of
from pursuit.tournament.sprt import Sprt


def games(schedule: Schedule) -> dict[tuple[str, str, str, int, int], tuple[int, int]]:
    """(venue, hunter, guardian, copy, index) → (seed, name) of every game."""
    indices = np.arange(schedule.plan.pairs)
    found = {}
    for at, cell in enumerate(schedule.cells):
        label = schedule.plan.venues[cell.venue].label
        seeds, names = schedule.seeds(cell.venue, indices), schedule.games(at, indices)
        for index, seed, name in zip(indices.tolist(), seeds.tolist(), names.tolist(), strict=True):
            found[label, cell.hunter, cell.guardian, cell.copy, index] = seed, name
    return found


def test_a_game_is_the_same_in_every_tournament() -> None:
    one = games(Schedule(small("beeline/runner", "interceptor/escort", venues=("duel_grid", "duel_torus"))))
    many = small(
        *("random_walk/runner", "interceptor/escort", "beeline/runner", "beeline/safe_path"),
        venues=("duel_torus", "duel_lazy", "duel_grid"),
        pairs=30,
    )
    other = games(Schedule(many))
    assert set(one) < set(other)
    assert all(other[key] == value for key, value in one.items())
    assert len({name for _, name in other.values()}) == len(other)
    seeds = {(venue, index, seed) for (venue, *_, index), (seed, _) in other.items()}
    assert len(seeds) == 3 * 30 == len({seed for *_, seed in seeds}), "one seed for all games of an index"
    elsewhere = games(Schedule(small("beeline/runner", "interceptor/escort", seed=2)))
    assert not set(elsewhere.values()) & set(one.values())


def test_every_pair_is_there_once_and_shared_games_are_not_played_twice() -> None:
    schedule = Schedule(small("beeline/runner", "interceptor/runner", "beeline/escort", "random_walk/safe_path"))
    assert len(schedule.pairings) == 6 and len(set(schedule.cells)) == len(schedule.cells) < 12
    for at, (first, second) in enumerate(schedule.pairings):
        there, back = (schedule.cells[cell] for cell in schedule.cell_of[at, 0])
        one, other = schedule.plan.entrants[first], schedule.plan.entrants[second]
        assert (there.hunter, there.guardian) == (one.hunter, other.guardian)
        assert (back.hunter, back.guardian) == (other.hunter, one.guardian)
    blocks = Schedule(small("beeline", "interceptor", "random_walk/"))
    assert [(cell.hunter, cell.guardian) for cell in blocks.cells] == [
        ("beeline", ""),
        ("interceptor", ""),
        ("random_walk", ""),
    ]


def test_who_meets_itself_plays_both_games() -> None:
    schedule = Schedule(small("beeline/runner", "beeline/runner", mode="match"))
    assert [cell.copy for cell in schedule.cells] == [0, 1]


def test_modes() -> None:
    three = ("beeline/runner", "interceptor/escort", "random_walk/safe_path")
    assert small(*three).pairings() == ((0, 1), (0, 2), (1, 2))
    assert small(*three, mode="gauntlet").pairings() == ((0, 1), (0, 2))
    assert small(*three[:2], mode="match").pairings() == ((0, 1),)


def test_chunks_cover_what_is_left_and_shares_cover_the_whole() -> None:
    schedule = Schedule(small("beeline/runner", "interceptor/escort", pairs=50))
    done = np.zeros((2, 50), np.bool_)
    done[0, 5:30] = True
    covered = done.copy()
    for chunk in schedule.chunks(done, 8):
        assert not covered[chunk.cell, chunk.indices].any() and len(chunk.indices) <= 8
        covered[chunk.cell, chunk.indices] = True
    assert covered.all()
    shares = np.zeros((2, 50), np.int64)
    for which in (1, 2, 3):
        for chunk in schedule.chunks(np.zeros_like(done), 8, (which, 3)):
            shares[chunk.cell, chunk.indices] += 1
    assert (shares == 1).all()


def test_entrants_as_they_are_written() -> None:
    assert read_entrants(["beeline(patience=30)/runner", " interceptor(near=4) / "]) == (
        Entrant("beeline", "runner"),
        Entrant("interceptor(near=4)", ""),
    )
    assert read_entrants(["beeline", "interceptor"])[0] == Entrant("beeline", "")
    assert read_entrants(["runner", "random_walk"]) == (Entrant("", "runner"), Entrant("", "random_walk"))
    assert Entrant("", "runner").name == "/runner"


@pytest.mark.parametrize(
    ("written", "message"),
    [
        (("random_walk", "stand_still"), "may play either side: write NAME/"),
        (("beeline", "runner"), "beeline and runner do not play the same side"),
        (("a/b/c", "beeline/runner"), "'a/b/c' is no entrant"),
        (("/", "beeline/runner"), "'/' is no entrant"),
        (("beelin/runner", "beeline/runner"), "did you mean 'beeline'"),
        (("beelin", "beeline"), "did you mean 'beeline'"),
        (("beeline/", "/runner"), "a hunter alone and a guardian alone"),
        (("beeline/runner", "beeline/runner"), "an entrant takes part twice"),
        (("beeline/runner",), "has at least two entrants"),
    ],
)
def test_entrants_that_make_no_sense(written: tuple[str, ...], message: str) -> None:
    with pytest.raises(ContentError) as error:
        small(*written)
    assert message in str(error.value)


def test_plans_that_make_no_sense() -> None:
    two = ("beeline/runner", "interceptor/escort")
    for changed, message in (
        ({"mode": "matches"}, "did you mean 'match'"),
        ({"venues": ()}, "no scenario"),
        ({"venues": ("duel_grid", "duel_grid")}, "twice"),
        ({"pairs": 0}, "at least one pair"),
        ({"seed": 1 << 64}, "below 2^64"),
        ({"sprt": Sprt(5, 5)}, "lies below"),
        ({"limits": Limits(seconds=0)}, "above 0"),
    ):
        with pytest.raises(ContentError, match=message.replace("^", "\\^")):
            small(*two, **changed)
    with pytest.raises(ContentError, match="a match has two entrants"):
        small(*two, "beeline/escort", mode="match")


def test_the_code_of_a_policy_is_all_that_it_imports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "their_pack"
    (package / "deep").mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "deep" / "__init__.py").write_text("")
    (package / "walk.py").write_text(
        "from pursuit.policies.random_walk import RandomWalk\n"
        "from .deep import (\n    table,  # a comment\n)\n"
        "class Walk(RandomWalk):\n"
        "    name = 'walk'\n"
        "    def init(self, brief, rows):\n"
        "        import their_pack.late as late\n"
        "        return super().init(brief, rows)\n"
    )
    (package / "deep" / "table.py").write_text("from .. import lore\nREST = 3\n")
    (package / "late.py").write_text("")
    (package / "lore.py").write_text("")
    (package / "unused.py").write_text("")
    monkeypatch.syspath_prepend(str(tmp_path))
    spec = "their_pack.walk:Walk(rest=3)"

    def changes(file: str) -> bool:
        before = code_hashes([spec])
        (package / file).write_text((package / file).read_text() + "# more\n")
        after = code_hashes([spec])
        assert before["engine"] == after["engine"]
        return before[spec] != after[spec]

    assert [changes(file) for file in ("walk.py", "deep/table.py", "late.py", "lore.py")] == [True] * 4
    assert not changes("unused.py")


def test_a_spec_says_all_there_is_to_a_plan() -> None:
    plan = Plan(
        "gauntlet",
        read_entrants(["interceptor(near=5)", "beeline"]),
        (Venue("duel_grid", params=(("board", "grid:20x20"),), policies=("guardian=safe_path",)), Venue("duel_torus")),
        pairs=7,
        seed=9,
        sprt=Sprt(0, 12.5),
        limits=Limits(2.5, 512),
    )
    spec = make_spec(plan)
    assert plan_of(spec) == plan
    assert set(spec["code"]) == {"engine", "interceptor(near=5)", "beeline", "runner", "safe_path"}
    other = make_spec(small("interceptor(near=5)", "beeline", mode="gauntlet", pairs=7))
    told = list(differences(spec, other))
    assert "seed: 9, now 1" in told and any(line.startswith("venues: ") for line in told)
    assert not list(differences(spec, make_spec(plan)))
