"""Every scenario plays as it was written down.

A difference is either a mistake, or a change that was meant: then RULES_VERSION goes up if digests changed, and
`python -m tests.golden.playthrough` writes the files anew.
"""

from __future__ import annotations

import pytest
from tests.golden.playthrough import FOLDER, playthrough

from pursuit.content.scenario import scenario_names


@pytest.mark.parametrize("name", scenario_names())
def test_a_scenario_plays_as_written_down(name: str) -> None:
    path = FOLDER / f"{name}.txt"
    assert path.is_file(), f"{path.name} is missing: run python -m tests.golden.playthrough"
    assert playthrough(name) == path.read_text("utf-8")


def test_every_playthrough_has_its_scenario() -> None:
    assert {path.stem for path in FOLDER.glob("*.txt")} == set(scenario_names())
