"""Every system of the story has its rule, its scenario and its test: the table of docs/story_rows.md holds."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pursuit.content.scenario import scenario_names

ROOT = Path(__file__).parents[2]
UNWRITTEN = {15, 16, 17, 18, 19, 20, 21, 22}
"""Rows whose scenario has not been written yet."""


def rows() -> list[list[str]]:
    lines = (ROOT / "docs" / "story_rows.md").read_text("utf-8").splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if re.match(r"\| \d+ \|", line)]


def test_all_systems_are_there() -> None:
    assert [int(row[0]) for row in rows()] == list(range(1, 30))


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[0])
def test_a_row_names_what_there_is(row: list[str]) -> None:
    number, system, rule, scenario, test = row
    assert system and rule
    file, _, function = test.strip("`").partition("::")
    text = (ROOT / "tests" / file).read_text("utf-8")
    assert re.search(rf"^def {function}\b" if function else r"^def test_", text, re.MULTILINE), f"{test} is not there"
    if int(number) in UNWRITTEN:
        assert scenario == "—" or scenario.strip("`") in scenario_names()
    else:
        assert scenario.strip("`") in scenario_names()
