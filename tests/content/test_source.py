"""A file's problems: every one of them, at its line and column, with what was meant."""

from __future__ import annotations

import pickle
import tomllib
from pathlib import Path
from typing import Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field

from pursuit.content.files import locate
from pursuit.content.files.source import ContentError, Source, nearest

TEXT = """\
id = "demo"   # a comment with = and [brackets]
title = 'it''s'
spots.a.b = 1
"odd key" = [
    1, "two, with ] and }", # three
    [3, 4], {deep = "x", other.way = [5]},
]

[params]
seed = {low = 1, high = 2}

[[trigger]]
on = "start"

[[trigger]]
on = "sigthed"
long = \"\"\"
[not.a.header]
on = "no"
\"\"\"
when = { all = [ { agent = "john" }, { any = ["a", "b"] } ] }

  [[trigger.do]]
  message = "x"

[[trigger]]
raw = '''
[[trigger]]'''
[trigger.sub]
key = 1
""".replace("it''s", "its")


@pytest.mark.parametrize(
    ("path", "place"),
    [
        (("id",), (1, 6)),
        (("spots", "a", "b"), (3, 13)),
        (("odd key", 1), (5, 8)),
        (("odd key", 2, 1), (6, 9)),
        (("odd key", 3, "deep"), (6, 21)),
        (("odd key", 3, "other", "way", 0), (6, 39)),
        (("params", "seed", "high"), (10, 25)),
        (("trigger", 0), (12, 1)),
        (("trigger", 0, "on"), (13, 6)),
        (("trigger", 1, "on"), (16, 6)),
        (("trigger", 1, "when", "all", 1, "any", 1), (21, 52)),
        (("trigger", 1, "do", 0, "message"), (24, 13)),
        (("trigger", 2, "raw"), (27, 7)),
        (("trigger", 2, "sub", "key"), (30, 7)),
        (("trigger", 2, "sub", "none", 4), (29, 1)),  # the nearest enclosing one
        (("trigger", 1, "on", "deeper"), (16, 6)),
        (("nothing",), (1, 1)),
    ],
)
def test_every_value_has_its_place(path: tuple[str | int, ...], place: tuple[int, int]) -> None:
    assert Source.parse(TEXT).where(path) == place


def _leaves(data: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    found = [path] if path else []
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in items:
        found += _leaves(value, (*path, key))
    return found


def test_the_scanner_knows_every_path_that_tomllib_knows() -> None:
    source = Source.parse(TEXT)
    source.where(())  # the text is scanned when a place is asked for
    for path in _leaves(tomllib.loads(TEXT)):
        if path not in {("trigger",), ("spots",), ("spots", "a"), ("trigger", 1, "do")}:
            assert path in source.positions._values or path[-1] == "other", path


def test_a_key_has_a_place_of_its_own() -> None:
    source = Source.parse(TEXT)
    assert source.where(("trigger", 1, "on"), key=True) == (16, 1)
    assert source.where(("odd key", 3, "other", "way"), key=True) == (6, 32)


def test_a_problem_reads_like_a_compiler_error() -> None:
    source = Source.parse('[[trigger]]\non = "sigthed"', name="galleria.toml")
    source.unknown("trigger", "sigthed", ["sighted", "heard"], ("trigger", 0, "on"))
    with pytest.raises(ContentError) as caught:
        source.check()
    assert str(caught.value) == (
        "galleria.toml:2:6: error[unknown-trigger]: 'sigthed' is not a trigger; did you mean 'sighted'?\n"
        '    on = "sigthed"\n'
        "         ^"
    )


def test_the_caret_stands_under_its_column_behind_tabs() -> None:
    source = Source.parse("a = [\n\t\t1,\tx2]".replace("x2", "2"), name="t.toml")
    source.error("odd", "odd", ("a", 1))
    assert str(source.problems[0]).split("\n")[1:] == ["    \t\t1,\t2]", "    \t\t  \t^"]


def test_problems_come_together_in_the_order_of_the_file_and_once() -> None:
    source = Source.parse("a = 1\nb = 2\n")
    source.error("late", "late", ("b",))
    source.error("early", "early", ("a",))
    source.error("early", "early", ("a",))
    source.warn("mild", "never raised", ("a",))
    with pytest.raises(ContentError) as caught:
        source.check()
    assert [problem.code for problem in caught.value.problems] == ["early", "late"]
    assert "warning[mild]" in str(source.warnings[0])


def test_no_problem_no_error() -> None:
    Source.parse("a = 1").check()


def test_an_error_survives_the_way_to_another_process() -> None:
    source = Source.parse("a = 1")
    source.error("odd", "odd", ("a",))
    with pytest.raises(ContentError) as caught:
        source.check()
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a = 1\nb = \n", "x.toml:2:5: error[toml-syntax]: invalid value\n    b = \n        ^"),
        ("a = [1,", "x.toml:1:8: error[toml-syntax]: invalid value\n    a = [1,\n           ^"),
        ("a = 1\na = 2", "x.toml:2:6: error[toml-syntax]: cannot overwrite a value\n    a = 2\n         ^"),
    ],
)
def test_a_syntax_error_has_the_same_form(text: str, message: str) -> None:
    with pytest.raises(ContentError) as caught:
        Source.parse(text, "x.toml")
    assert str(caught.value) == message


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"none\.toml: error\[missing-file\]: no such file"):
        Source.read(tmp_path / "none.toml")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="unreadable-file"):
        Source.read(tmp_path)


def test_a_file_that_is_not_utf8(tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_bytes(b'a = 1\nb = "caf\xe9"\n')
    with pytest.raises(ContentError) as caught:
        Source.read(tmp_path / "x.toml")
    assert str(caught.value).startswith("x.toml:2:9: error[not-utf-8]: byte 0xe9 is not UTF-8\n")


def test_a_byte_order_mark_and_windows_line_ends_are_fine(tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_bytes(b'\xef\xbb\xbfa = 1\r\nb = "x"\r\n')
    source = Source.read(tmp_path / "x.toml")
    assert source.data == {"a": 1, "b": "x"}
    assert source.where(("b",)) == (2, 5)


class Goal(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    node: str
    gait: Literal["walk", "run"] = "run"
    turns: int = Field(1, ge=1, le=9)
    at: str | list[float] = ""


class Plan(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    title: str
    goal: list[Goal] = []
    named: dict[str, Goal] = {}


def test_every_error_of_a_model_at_once_with_place_and_nearest_name() -> None:
    text = """\
[[goal]]
node = "gate"
gait = "rnu"
turns = 12
[[goal]]
ndoe = "gate"
at = [1.0, "x"]
[named.first]
node = 3
tuns = 4
[other]
"""
    source = Source.parse(text, "plan.toml")
    assert source.validate(Plan) is None
    with pytest.raises(ContentError) as caught:
        source.check()
    assert [str(problem).split("\n")[0] for problem in caught.value.problems] == [
        "plan.toml:1:1: error[missing-key]: missing key 'title'",
        "plan.toml:3:8: error[bad-value]: 'rnu' is not one of walk, run; did you mean 'run'?",
        "plan.toml:4:9: error[bad-value]: input should be less than or equal to 9, got 12",
        "plan.toml:5:1: error[missing-key]: missing key 'node'",
        "plan.toml:6:1: error[unknown-key]: unknown key 'ndoe'; did you mean 'node'?",
        "plan.toml:7:6: error[wrong-type]: expected a string, got a list",
        "plan.toml:7:12: error[wrong-type]: expected a number, got 'x'",
        "plan.toml:9:8: error[wrong-type]: expected a string, got 3",
        "plan.toml:10:1: error[unknown-key]: unknown key 'tuns'; did you mean 'turns'?",
        "plan.toml:11:1: error[unknown-key]: unknown key 'other'",
    ]


def test_a_good_model_comes_back() -> None:
    plan = Source.parse('title = "x"\ngoal = [{node = "a"}]').validate(Plan)
    assert plan is not None
    assert plan.goal[0].node == "a"


def test_the_nearest_name() -> None:
    assert nearest("sigthed", ["heard", "sighted"]) == "sighted"
    assert nearest("T_1000", ["t_800", "t_1000"]) == "t_1000"
    assert nearest("zzz", ["heard", "sighted"]) is None


def _tree(root: Path, monkeypatch: pytest.MonkeyPatch, inside: str) -> None:
    """A source tree or an installed package, with two maps in it."""
    package = root / "src" / "pursuit"
    package.mkdir(parents=True)
    maps = root / "maps" if inside == "tree" else package / "data" / "maps"
    maps.mkdir(parents=True)
    for name in ("galleria", "freeway"):
        (maps / f"{name}.toml").write_text("")
    if inside == "tree":
        (root / "pyproject.toml").write_text("")
    monkeypatch.setattr("pursuit.__file__", str(package / "__init__.py"))


@pytest.mark.parametrize("inside", ["tree", "wheel"])
def test_maps_are_found_by_name(inside: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _tree(tmp_path, monkeypatch, inside)
    assert locate.names("maps") == ("freeway", "galleria")
    assert locate.names("scenarios") == ()
    assert locate.find("maps", "freeway").parent == locate.folder("maps")
    with pytest.raises(ContentError) as caught:
        locate.find("maps", "galeria")
    assert str(caught.value) == (
        "error[unknown-map]: 'galeria' is not a map; did you mean 'galleria'? known: freeway, galleria"
    )
    with pytest.raises(ContentError, match=r"'x' is not a scenario; there are no scenarios here"):
        locate.find("scenarios", "x")


def test_maps_are_found_by_path(tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    mine.write_text("")
    assert locate.find("maps", mine) == mine
    assert locate.find("maps", str(mine)) == mine
    assert locate.find("maps", "mine", beside=tmp_path) == mine
    assert locate.find("maps", "mine.toml", beside=tmp_path) == mine
    with pytest.raises(ContentError, match=r"other\.toml: error\[missing-file\]"):
        locate.find("maps", tmp_path / "other.toml")
