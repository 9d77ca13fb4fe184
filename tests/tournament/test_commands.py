"""``pursuit tournament``, run in this process."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest

from pursuit.cli import main as cli
from pursuit.tournament.ledger import ROW, read_results, row_checks
from pursuit.tournament.report.build import build
from pursuit.tournament.report.write import as_data

Run = Callable[..., tuple[int, str, str]]

MATCH = ("tournament", "match", "beeline/runner", "random_walk/safe_path", "--scenario", "duel_torus", "--workers", "0")


@pytest.fixture
def pursuit(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command line in an empty folder: exit code, output, errors."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["pursuit", *arguments])
        with pytest.raises(SystemExit) as stopped:
            cli.main()
        code = stopped.value.code
        said = capsys.readouterr()
        return code if isinstance(code, int) else 0, said.out, said.err

    return run


def report_of(folder: str) -> dict[str, Any]:
    """The report of a ledger as data."""
    return as_data(build(*read_results(Path(folder))[:2]))


def test_a_match_prints_its_report_and_goes_on_where_it_stopped(pursuit: Run) -> None:
    code, out, err = pursuit(*MATCH, "--pairs", "10")
    assert code == 0 and out.startswith("Match of beeline/runner against random_walk/safe_path on duel_torus")
    assert "\x1b" not in out and "Pairings" in out and "pursuit run duel_torus --open --seed" in out
    folder = next(Path("tournaments").iterdir())
    assert f"kept in {folder}" in err and "going on" not in err
    code, again, err = pursuit(*MATCH, "--pairs", "10")
    assert (code, again) == (0, out) and "20 games are there" in err
    code, more, _ = pursuit(*MATCH, "--pairs", "12", "--json")
    assert json.loads(more)["games"] == 24 and json.loads(more)["folder"] == str(folder)
    assert len(list(Path("tournaments").iterdir())) == 1


def test_a_file_says_the_same_as_options(pursuit: Run) -> None:
    Path("duels.toml").write_text(
        'entrants = ["beeline", "interceptor", "random_walk/"]\n'
        "pairs = 6\nseed = 4\n"
        "[sprt]\nlow = -30\nhigh = 30.0\n"
        "[limits]\nmemory = 2048\n"
        '[[board]]\nscenario = "duel_grid"\nparams = { board = "torus:10x10" }\npolicies = ["guardian=safe_path"]\n'
    )
    _, filed, _ = pursuit("tournament", "gauntlet", "duels.toml", "--workers", "0", "--json", "--out", "a")
    options = ("--scenario", "duel_grid(board=torus:10x10)", "--policy", "guardian=safe_path", "--memory", "2048")
    options += ("--sprt=-30,30", "--pairs", "6", "--seed", "4", "--workers", "0", "--json", "--out", "b")
    _, typed, _ = pursuit("tournament", "gauntlet", "beeline", "interceptor", "random_walk/", *options)
    one, other = json.loads(filed), json.loads(typed)
    assert one.pop("folder") == "a" and other.pop("folder") == "b"
    assert one == other and one["mode"] == "gauntlet" and len(one["tables"]["pairings"]) == 2


def test_reports_in_every_format(pursuit: Run) -> None:
    pursuit(*MATCH, "--pairs", "4", "--out", "kept")
    _, text, _ = pursuit("tournament", "report", "kept")
    assert text.startswith("Match of beeline/runner")
    assert json.loads(pursuit("tournament", "report", "kept", "--format", "json")[1])["games"] == 8
    assert pursuit("tournament", "report", "kept", "--format", "csv")[1].startswith(
        "table,about,measure,value,low,high\n"
    )
    assert pursuit("tournament", "report", "kept", "--format", "md")[1].startswith("# Match of")
    code, out, err = pursuit("tournament", "report", "kept", "--format", "html", "-o", "pages/a.html")
    assert (code, out) == (0, "") and "written to pages/a.html" in err
    assert Path("pages/a.html").read_text().startswith("<!doctype html>")
    pursuit("tournament", "report", "kept", "-o", "a.txt")
    assert Path("a.txt").read_text() == text


def test_explain(pursuit: Run) -> None:
    code, out, _ = pursuit("tournament", "explain", "--elo", "20", "--deviation", "0.3", "--json")
    need = json.loads(out)
    assert code == 0 and need["interval"] < need["sequential"] < need["sure"]
    _, out, _ = pursuit("tournament", "explain")
    assert "A lead of 10 Elo" in out and "sequential" in out
    pursuit(*MATCH, "--pairs", "6", "--out", "kept")
    _, out, _ = pursuit("tournament", "explain", "--from", "kept", "--json")
    assert 0 < json.loads(out)["deviation"] < 0.5


def test_shares_make_a_whole(pursuit: Run) -> None:
    for part in ("1/2", "2/2"):
        pursuit(*MATCH, "--pairs", "8", "--batch", "2", "--part", part, "--out", part.replace("/", "of"))
    pursuit(*MATCH, "--pairs", "8", "--out", "whole")
    code, out, _ = pursuit("tournament", "merge", "shared", "1of2", "2of2")
    assert (code, out) == (0, "shared: 16 games\n")
    assert pursuit("tournament", "merge", "shared", "whole", "1of2")[1] == out
    reports = [pursuit("tournament", "report", folder, "--format", "json")[1] for folder in ("shared", "whole")]
    assert reports[0] == reports[1]


def test_what_does_not_go_together_is_not_merged(pursuit: Run) -> None:
    pursuit(*MATCH, "--pairs", "2", "--out", "one")
    pursuit(*MATCH, "--pairs", "2", "--seed", "5", "--out", "other")
    assert "seed: 5, now 1" in pursuit("tournament", "merge", "both", "one", "other")[2]
    rows = np.fromfile("one/games.ledger", ROW)
    shutil.copytree("one", "forged")
    rows["turns"][0] += 1
    rows["check"] = row_checks(rows)
    rows.tofile("forged/games.ledger")
    code, _, err = pursuit("tournament", "merge", "both", "one", "forged")
    assert code == 2 and f"game {rows['game'][0]:016x} has two results" in err


def test_the_games_themselves_as_parquet_and_by_sql(pursuit: Run) -> None:
    pursuit(*MATCH, "--pairs", "10", "--out", "kept")
    table = {row["policy"]: row for row in report_of("kept")["tables"]["policies"] if row["role"] == "hunts"}
    code, out, err = pursuit("tournament", "report", "kept", "--parquet", "out/games.parquet")
    assert (code, out) == (0, "") and "20 games written" in err
    won = "select hunter, avg((score = 1)::int), count(distinct seed) from {} group by 1 order by 1"
    found = duckdb.sql(won.format("'out/games.parquet'")).fetchall()
    assert [(hunter, share) for hunter, share, _ in found] == [
        (hunter, table[hunter]["capture rate"]["value"]) for hunter in ("beeline", "random_walk")
    ]
    assert {num for *_, num in found} == {10}
    _, out, _ = pursuit(
        "tournament", "report", "kept", "--sql", "select hunter, sum(turns) from games where counts group by 1"
    )
    assert "beeline" in out and "random_walk" in out
    code, _, err = pursuit("tournament", "report", "kept", "--sql", "select nothing")
    assert code == 2 and "nothing" in err and "Traceback" not in err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("match", "beeline/runner", "beelin/runner", "--scenario", "duel_torus"), "did you mean 'beeline'"),
        (("match", "beeline/runner", "--scenario", "duel_torus"), "a match has two entrants, not 1"),
        (("match", "beeline/runner", "random_walk/runner"), "name what to play on"),
        (("match", "beeline", "interceptor", "--scenario", "duel_toru"), "did you mean 'duel_torus'"),
        (("match", "beeline", "interceptor", "--scenario", "duel_torus(x=1)"), "'x' is not a parameter"),
        (("match", "beeline", "interceptor", "--scenario", "duel_torus(x)"), "write NAME(parameter=value)"),
        (("match", "beeline", "interceptor", "--scenario", "duel_torus", "--sprt", "5"), "write two bounds"),
        (("match", "beeline", "interceptor", "--scenario", "duel_torus", "--sprt", "5,1"), "lies below its upper one"),
        (("match", "beeline", "interceptor", "--scenario", "duel_torus", "--part", "3/2"), "write K/N"),
        (("match", "none.toml"), "no such file"),
        (("match", "bad.toml", "--sprt", "0,5"), "only --pairs and --seed"),
        (("match", "bad.toml"), "bad.toml:1:1: error[unknown-key]: unknown key 'entrant'; did you mean 'entrants'?"),
        (("match", "odd.toml"), "odd.toml:1:12: error[entrants]: 'a/b/c' is no entrant"),
        (("report", "nowhere"), "there is no tournament here"),
        (("report", "nowhere", "--format", "htm"), "did you mean 'html'"),
        (("explain", "--elo", "0"), "a lead of 0"),
    ],
)
def test_mistakes(pursuit: Run, arguments: tuple[str, ...], message: str) -> None:
    Path("bad.toml").write_text('entrant = ["a", "b"]\n')
    Path("odd.toml").write_text(
        'entrants = ["a/b/c", "beeline/runner"]\npairs = 3\n[[board]]\nscenario = "duel_torus"\n'
    )
    code, out, err = pursuit("tournament", *arguments)
    assert (code, out) == (2, "") and message in err and "Traceback" not in err
