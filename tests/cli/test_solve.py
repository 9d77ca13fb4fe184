"""``pursuit solve``, run in this process."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from pursuit.cli import main as cli

Run = Callable[..., tuple[int, str, str]]
KEYS = {"nodes", "edges", "cop_number", "capture_time", "finite_share", "sum", "max", "mean", "states", "seconds"}
TRIANGLE = """<graphml xmlns="http://graphml.graphdrawing.org/xmlns"><graph edgedefault="undirected">
<node id="a"/><node id="b"/><node id="c"/>
<edge source="a" target="b"/><edge source="b" target="c"/><edge source="c" target="a"/></graph></graphml>"""


@pytest.fixture
def pursuit(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command line in an empty folder: exit code, output, errors."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["pursuit", *arguments])
        with pytest.raises(SystemExit) as stopped:
            cli.main()
        said = capsys.readouterr()
        return int(stopped.value.code or 0), said.out, said.err

    return run


def test_json_has_every_key(pursuit: Run) -> None:
    code, out, _ = pursuit("solve", "cycle:7", "--pursuers", "2", "--json")
    facts = json.loads(out)
    assert code == 0 and set(facts) >= KEYS | {"peak_mib"}
    assert (facts["nodes"], facts["edges"], facts["cop_number"], facts["capture_time"]) == (7, 7, 2, 2)
    assert facts["states"] == 343 and facts["finite_share"] == 1 and facts["mean"] == facts["sum"] / 343


def test_the_cop_number_is_found_beyond_and_below_the_pursuers_asked_for(pursuit: Run) -> None:
    for pursuers in "123":
        _, out, _ = pursuit("solve", "petersen", "--pursuers", pursuers, "--json")
        assert json.loads(out)["cop_number"] == 3


def test_files(pursuit: Run) -> None:
    Path("triangle.graphml").write_text(TRIANGLE)
    Path("triangle.txt").write_text("# three\na b\nb,c\n\nc a # closed\n")
    for name in ("triangle.graphml", "triangle.txt"):
        _, out, _ = pursuit("solve", name, "--pursuers", "1", "--json")
        facts = json.loads(out)
        assert (facts["nodes"], facts["edges"], facts["cop_number"], facts["sum"]) == (3, 3, 1, 6)


def test_exits_let_the_evader_go(pursuit: Run) -> None:
    _, out, _ = pursuit("solve", "path:5", "--pursuers", "1", "--exits", "4", "--json")
    assert 0 < json.loads(out)["finite_share"] < 1


def test_unseen(pursuit: Run) -> None:
    code, out, _ = pursuit("solve", "cycle:6", "--rule", "unseen", "--json")
    facts = json.loads(out)
    assert code == 0 and set(facts) >= KEYS and facts["cop_number"] == 2 and facts["capture_time"] > 0
    _, out, _ = pursuit("solve", "cycle:6", "--rule", "unseen", "--pursuers", "1")
    assert out.endswith("turns with 1: never cleared\n")


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("e.txt", "a b\nc\n", "e.txt:2:1: error[edge]: a line holds two names"),
        ("e.txt", "# nothing\n", "at least one node"),
        ("g.graphml", "<graphml><graph>", "g.graphml:1:"),
        ("g.graphml", "<graphml/>", "no <graph> element"),
        ("g.graphml", TRIANGLE.replace('target="b"', 'target="x"'), "'x', which is no <node>"),
        ("g.graphml", "<!DOCTYPE x>" + TRIANGLE, "document type"),
    ],
)
def test_faults_of_files(pursuit: Run, name: str, text: str, said: str) -> None:
    Path(name).write_text(text)
    code, out, err = pursuit("solve", name)
    assert (code, out) == (2, "") and said in err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("no.graphml",), "no such file"),
        (("grid:99x99",), "the budget is 2,048 MiB"),
        (("path:4", "--rule", "lasy"), "did you mean 'lazy'?"),
        (("path:4", "--exits", "9"), "'9' is not a node"),
        (("path:4", "--pursuers", "5"), "--pursuers"),
        (("nowhere",), "is not a map"),
    ],
)
def test_faults_of_arguments(pursuit: Run, arguments: tuple[str, ...], said: str) -> None:
    code, out, err = pursuit("solve", *arguments)
    assert (code, out) == (2, "") and said in err.replace("\n", " ")


def test_simultaneous_moves_are_odds(pursuit: Run) -> None:
    code, out, _ = pursuit("solve", "complete:3", "--pursuers", "1", "--rule", "simultaneous", "--turns", "2", "--json")
    facts = json.loads(out)
    assert code == 0 and set(facts) >= KEYS and (facts["turns"], facts["states"]) == (2, 9)
    assert facts["mean"] == pytest.approx((3 + 6 * 0.75) / 9) and facts["finite_share"] == pytest.approx(1 / 3)


def test_picture(pursuit: Run, tmp_path: Path) -> None:
    """The table is drawn where there is one; what cannot be drawn is refused."""
    code, _, _ = pursuit("solve", "grid:4x3", "--picture", "turns.png")
    assert code == 0 and (tmp_path / "turns.png").read_bytes()[:4] == b"\x89PNG"
    for arguments, said in (
        (("cycle:7", "--rule", "unseen", "--picture", "no.png"), "no table of turns"),
        (("cycle:7", "--pursuers", "1", "--picture", "no.png"), "no placement"),
        (("grid:4x3", "--picture", "no.gif"), "ends in .png"),
    ):
        code, _, errors = pursuit("solve", *arguments)
        assert code == 2 and said in " ".join(errors.split())
    assert not (tmp_path / "no.png").exists()
