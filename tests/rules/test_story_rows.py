"""Every system of the story has its rule, its scenario and its test: the table of docs/story_rows.md holds."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest

from pursuit.content.scenario import load_scenario

ROOT = Path(__file__).parents[2]


def rows() -> list[list[str]]:
    lines = (ROOT / "docs" / "story_rows.md").read_text("utf-8").splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if re.match(r"\| \d+ \|", line)]


def named_tests(row: list[str]) -> list[Callable[..., None]]:
    """The test functions that a row names: `file::function`, several with commas between."""
    functions = []
    for test in row[4].split(", "):
        file, _, function = test.strip("`").partition("::")
        functions.append(getattr(import_module(f"tests.{file.removesuffix('.py').replace('/', '.')}"), function))
    return functions


def test_all_systems_are_there() -> None:
    assert [int(row[0]) for row in rows()] == list(range(1, 30))


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[0])
def test_a_row_names_what_there_is(row: list[str]) -> None:
    number, system, rule, scenario, _ = row
    assert system and rule
    assert named_tests(row)
    names = [check.name for check in load_scenario(scenario.strip("`"), "film").checks]
    assert any(name == f"row_{number}" or name.startswith(f"row_{number}_") for name in names), (
        f"no check of row {number}"
    )
