"""With the rule of a row of the story switched off, a test that the row names fails, by its own assertions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.reference import picture
from tests.rules.switches import SWITCHES, Switch
from tests.rules.test_story_rows import named_tests, rows


class Lenient(picture.Written):
    """Answers that need not be asked for; to what nobody wrote down the answer is 0."""

    def below(self, *question: Any) -> NDArray[np.int64]:
        try:
            return super().below(*question)
        except LookupError:
            return np.zeros(len(question[3]), np.int64)

    def finish(self) -> None:
        """Nothing is claimed of what is left."""


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Pictures without the referee, who would notice any change of a rule, and with lenient draws."""
    monkeypatch.setattr(picture, "Written", Lenient)
    monkeypatch.setattr(picture.referee, "play_turn", lambda *_: None)
    monkeypatch.setattr(picture, "compare", lambda *_: None)
    return monkeypatch


def cases(test: Callable[..., None]) -> Iterator[Callable[[], None]]:
    """A test with each of its sets of parameters."""
    marks = [mark for mark in getattr(test, "pytestmark", []) if mark.name == "parametrize"]
    if not marks:
        yield test
        return
    (mark,) = marks
    names, values = mark.args
    names = [name.strip() for name in names.split(",")] if isinstance(names, str) else list(names)
    for value in values:
        yield partial(test, **dict(zip(names, value if len(names) > 1 else [value], strict=True)))


def fails(row: int) -> bool:
    """Whether some test of a row fails by an assertion; any other error is one of the switch."""
    for test in named_tests(rows()[row - 1]):
        for case in cases(test):
            try:
                case()
            except AssertionError:
                return True
    return False


def test_every_row_has_a_switch() -> None:
    assert {switch.row for switch in SWITCHES} == set(range(1, 30))


@pytest.mark.parametrize("row", range(1, 30))
def test_with_all_rules_on_the_tests_pass(row: int, alone: pytest.MonkeyPatch) -> None:
    assert not fails(row)


@pytest.mark.parametrize("switch", SWITCHES, ids=lambda switch: f"{switch.row}: {switch.what}")
def test_without_its_rule_a_test_of_the_row_fails(switch: Switch, alone: pytest.MonkeyPatch) -> None:
    switch.off(alone)
    assert fails(switch.row), f"nothing in row {switch.row} notices: not {switch.what}"
