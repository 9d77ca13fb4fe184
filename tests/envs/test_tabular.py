"""The trained example: it learns, and what it learned is a policy that keeps the contract."""

from __future__ import annotations

from pathlib import Path

import pytest

from pursuit.content.scenario import load_scenario
from pursuit.policies.base import unfit
from pursuit.policies.contract import audit
from pursuit.policies.registry import make
from pursuit.sense.observe import brief
from tabular import Tabular, learn, measure


@pytest.fixture(scope="module")
def learned(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[tuple[int, float, float]]]:
    path = tmp_path_factory.mktemp("table") / "tabular.npz"
    return path, learn("duel_grid", "random_walk", 500, 512, 1, path, 250)


def test_it_beats_random_walk(learned: tuple[Path, list[tuple[int, float, float]]]) -> None:
    rate, turns = measure("duel_grid", "random_walk", "random_walk", 500)
    (_, early, _), (episodes, late, quick) = learned[1]
    assert episodes > 5000
    assert late >= early
    assert late > rate + 0.3
    assert quick < turns - 10


def test_it_keeps_the_contract(learned: tuple[Path, list[tuple[int, float, float]]]) -> None:
    spec = f"tabular:Tabular(table={str(learned[0])!r})"
    assert not audit(lambda: make(spec), load_scenario("duel_grid", "open").world)


def test_it_says_what_it_cannot_play(learned: tuple[Path, list[tuple[int, float, float]]]) -> None:
    for scenario in ("chase", "galleria"):
        world = load_scenario(scenario, "open").world
        assert "full sight" in unfit(Tabular(), brief(world, (0,)))
    other = load_scenario("duel_grid", "open", board="grid:20x20").world
    with pytest.raises(ValueError, match="another board"):
        Tabular(str(learned[0])).init(brief(other, (0,)), 1)
