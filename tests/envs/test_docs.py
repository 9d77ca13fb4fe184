"""docs/envs.md: its code runs, and it names every field and every option."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pursuit.content.scenario import scenario_names
from pursuit.envs.arena import set_up

PAGE = (Path(__file__).parents[2] / "docs" / "envs.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("block", BLOCKS, ids=range(len(BLOCKS)))
def test_its_code_runs(block: str) -> None:
    exec(block, {})


def test_it_names_every_field_and_option() -> None:
    named = set(re.findall(r"`([a-z_ ]+)[^`]*`", PAGE))
    named |= {re.sub(r" [a-z]$", "", name) for name in named}
    for scenario in scenario_names():
        setup = set_up(scenario, ["hunter", "guardian"])
        missing = {field.name for field in setup.layout.fields} - named
        missing |= {re.sub(r" \d+$", "", name) for name in setup.menu.names} - {name.strip() for name in named}
        assert not missing, scenario
