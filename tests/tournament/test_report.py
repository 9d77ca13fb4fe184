"""Reports: every figure recomputed plainly, every format read back, every command played."""

from __future__ import annotations

import csv
import io
import json
import shlex
import shutil
import subprocess
from html.parser import HTMLParser
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
from tests.tournament.staff import HERE, QUICK, played, small

from pursuit.cli import main as cli
from pursuit.play.lineup import assign
from pursuit.play.regret import Judge, RegretWatch
from pursuit.play.result import Estimate, wilson
from pursuit.play.rollout import rollout
from pursuit.rules.turn import fresh
from pursuit.tournament.ledger import GAMES, ROW, read_results
from pursuit.tournament.report.build import build
from pursuit.tournament.report.measures import Measures
from pursuit.tournament.report.page import as_html
from pursuit.tournament.report.tables import Report, Table
from pursuit.tournament.report.write import as_csv, as_data, as_json, as_markdown
from pursuit.tournament.results import Results
from pursuit.tournament.schedule import Schedule
from pursuit.tournament.spec import Spec, make_spec

POOL = ("beeline/runner", "interceptor/escort", "random_walk/safe_path", f"{HERE}:Crashes/stand_still")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A round robin of four on two boards, one of them faulty, with its ledger."""
    out = tmp_path_factory.mktemp("pool")
    played(small(*POOL, venues=("duel_torus", "duel_lazy"), pairs=12, limits=QUICK), out)
    return out


def opened(folder: Path) -> tuple[Results, Spec]:
    return read_results(folder)[:2]


@pytest.fixture(scope="module")
def report(folder: Path) -> Report:
    return build(*opened(folder))


def table(report: Report, name: str) -> Table:
    return next(table for table in report.tables if table.name == name)


def test_policies_are_counted_as_by_hand(folder: Path, report: Report) -> None:
    results, spec = opened(folder)
    for row in table(report, "policies").rows:
        policy, role, board, num, rate, time, faults = row
        games, forfeits = [], 0
        for at, cell in enumerate(results.schedule.cells):
            label = results.schedule.plan.venues[cell.venue].label
            if policy != (cell.hunter if role == "hunts" else cell.guardian) or board not in ("all", label):
                continue
            limit = spec["venues"][cell.venue]["turns"]
            for game in results.games[at]:
                own = game["by"] == (1 if role == "hunts" else 2)
                forfeits += bool(own and game["fault"])
                if not game["fault"]:
                    won = game["score"] == 2
                    games.append((won, min(game["turns"], limit) if won else limit))
        assert num == len(games) and rate == wilson(sum(won for won, _ in games), num)
        assert isinstance(time, Estimate)
        assert time.value == pytest.approx(np.mean([turns for _, turns in games]))
        assert time.low <= time.value <= time.high
        assert faults == (f"{forfeits} crash" if forfeits else "")
    crashes = [row for row in table(report, "policies").rows if str(row[0]).endswith("Crashes")]
    assert report.facts["forfeits"] == {
        "crash": sum(int(str(row[-1]).split()[0]) for row in crashes if row[2] == "all")
    }


def test_pairings_and_matrix_agree_with_the_games(folder: Path, report: Report) -> None:
    results, _ = opened(folder)
    measures, scores = Measures(results, opened(folder)[1]), {}
    for row in table(report, "pairings").rows:
        scores[row[0], row[1]] = row[4].value  # type: ignore[union-attr]
    names = [entrant.name for entrant in results.schedule.plan.entrants]
    for (one, first), (two, second) in permutations(enumerate(results.schedule.plan.entrants), 2):
        points = []
        for at, cell in enumerate(results.schedule.cells):
            if (cell.hunter, cell.guardian) == (first.hunter, second.guardian):
                points += (results.games["score"][at] / 2).tolist()
            elif (cell.hunter, cell.guardian) == (second.hunter, first.guardian):
                points += (1 - results.games["score"][at] / 2).tolist()
        assert measures.scores()[one, two] == pytest.approx(np.mean(points))
        if one < two:
            assert scores[names[one], names[two]] == pytest.approx(np.mean(points))
    shown = np.array([row[1:] for row in table(report, "matrix").rows], float)
    assert shown == pytest.approx(measures.scores()) and shown + shown.T == pytest.approx(1)


def test_better_policies_come_out_as_better(report: Report) -> None:
    strengths = {(row[0], row[1]): row[2] for row in table(report, "strengths").rows}
    beeline, walk = strengths["beeline", "hunts"], strengths["random_walk", "hunts"]
    assert isinstance(beeline, Estimate) and isinstance(walk, Estimate)
    assert beeline == Estimate(0.0, 0.0, 0.0), "the first entrant's hunter is the anchor"
    assert walk.high < 0
    pool = {row[0]: row for row in table(report, "pool").rows}
    assert sum(float(str(row[-1])) for row in pool.values()) == pytest.approx(1)
    assert min(float(str(row[-2])) for row in pool.values()) == pytest.approx(0, abs=1e-9)


def test_the_order_of_the_ledger_changes_no_byte(folder: Path, report: Report, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "other")
    rows = np.fromfile(folder / GAMES, ROW)
    np.random.default_rng(1).shuffle(rows)
    (tmp_path / "other" / GAMES).write_bytes(rows.tobytes())
    again = build(*opened(tmp_path / "other"))
    for write in (as_json, as_csv, as_markdown, as_html):
        assert write(again) == write(report)


def test_every_format_can_be_read(report: Report) -> None:
    def no_constant(word: str) -> None:
        raise AssertionError(f"{word} is no JSON")

    data = json.loads(as_json(report), parse_constant=no_constant)
    assert data == json.loads(json.dumps(as_data(report)))
    lines = list(csv.DictReader(io.StringIO(as_csv(report))))
    for name, rows in data["tables"].items():
        keys = table(report, name).keys
        assert len([line for line in lines if line["table"] == name]) == len(rows) * (len(rows[0]) - keys)
    line = next(line for line in lines if line["measure"] == "capture rate")
    assert float(line["low"]) <= float(line["value"]) <= float(line["high"])
    markdown = as_markdown(report).splitlines()
    wide = {line.replace("\\|", "").count("|") for line in markdown if line.startswith("| ")}
    assert wide and all(f"## {made.title}" in markdown for made in report.tables)


class _Page(HTMLParser):
    """What a page is made of."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("src", "href")]
        if tag not in ("meta", "br", "line", "circle", "polyline"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in ("line", "circle", "polyline"):
            assert self.open.pop() == tag


def test_the_page_is_whole_and_needs_nothing_else(report: Report) -> None:
    text = as_html(report)
    page = _Page()
    page.feed(text)
    assert not page.open and not page.links and "@import" not in text and "url(" not in text
    assert page.tags.count("table") == len(report.tables) and page.tags.count("figure") == len(report.charts)
    assert "<b>" not in as_html(Report("<b>", report.facts, [], []))


@pytest.mark.skipif(shutil.which("chromium") is None, reason="needs chromium")
def test_the_page_works_in_a_browser(report: Report, tmp_path: Path) -> None:
    """Presses the head of a column twice, and looks at the order of the rows and at what was drawn."""
    drive = """<script>
      const head = document.querySelectorAll('#policies th button')[4];
      const read = () => [...document.querySelectorAll('#policies tbody tr')].map(row => row.cells[4].dataset.value);
      head.click(); const down = read(); head.click(); const up = read();
      const lines = [...document.querySelectorAll('svg.chart polyline')];
      const boxes = lines.map(line => line.getBoundingClientRect().width);
      document.title = JSON.stringify({down, up, boxes, sorted: head.parentElement.getAttribute('aria-sort')});
    </script>"""
    page = tmp_path / "page.html"
    page.write_text(as_html(report).replace("</body>", drive + "</body>"), encoding="utf-8")
    words = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'home'}"]
    dump = subprocess.run(
        [*words, "--dump-dom", page.as_uri()], capture_output=True, text=True, timeout=120, check=True
    )
    found = json.loads(dump.stdout.split("<title>")[1].split("</title>")[0])
    rates = [row[4].value for row in table(report, "policies").rows]  # type: ignore[union-attr]
    assert [float(value) for value in found["down"]] == pytest.approx(sorted(rates, reverse=True))
    assert [float(value) for value in found["up"]] == pytest.approx(sorted(rates))
    assert found["sorted"] == "ascending" and found["boxes"] and min(found["boxes"]) > 50


def test_commands_play_the_very_games(
    report: Report, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert {piece.why for piece in report.showpieces} == {"longest", "closest pair"}
    for piece in report.showpieces:
        monkeypatch.setattr("sys.argv", [*shlex.split(piece.command), "--json", "--keep", "none"])
        with pytest.raises(SystemExit):
            cli.main()
        one = json.loads(capsys.readouterr().out)
        assert (one["outcome"], one["turns"], one["seed"]) == (piece.outcome, piece.turns, piece.seed)


def test_regret_is_that_of_the_judge(tmp_path: Path) -> None:
    plan = small("perfect_hunter/stand_still", "beeline/perfect_evader", mode="match", pairs=12, regret=True)
    results = played(plan, tmp_path)
    report = build(results, make_spec(plan))
    scenario = plan.venues[0].load()
    rows = {(row[0], row[1]): row[6] for row in table(report, "policies").rows}
    for at, cell in enumerate(results.schedule.cells):
        watch = RegretWatch(Judge(scenario.world))
        lineup = assign(scenario.world, scenario.policies, [f"hunter={cell.hunter}", f"guardian={cell.guardian}"])
        seeds = results.schedule.seeds(0, np.arange(12))
        rollout(scenario.world, fresh(scenario.world, seeds), lineup, on_turn=watch.hear)
        for side, name, role, policy in (
            ("pursuers", "hunter_loss", "hunts", cell.hunter),
            ("evader", "guardian_loss", "guards", cell.guardian),
        ):
            tally = watch.tallies()[side]
            assert results.games[name][at].sum() == pytest.approx(tally.regret * tally.moves)
            shown = rows[policy, role]
            assert isinstance(shown, Estimate) and shown.value == pytest.approx(tally.regret * tally.moves / 12)
            assert shown.value == 0 or not policy.startswith("perfect")
    assert rows["stand_still", "guards"].low > 0  # type: ignore[union-attr]
    assert any("turns against exact play" in piece.why for piece in report.showpieces)


def test_a_match_of_strangers_has_no_strengths_and_an_empty_one_no_figures(tmp_path: Path) -> None:
    plan = small("beeline/runner", "interceptor/escort", mode="match", pairs=4)
    names = {made.name for made in build(played(plan, tmp_path), make_spec(plan)).tables}
    assert "strengths" not in names and "pairings" in names
    empty = build(Results(Schedule(plan)), make_spec(plan))
    assert as_html(empty) and as_json(empty) and as_markdown(empty) and as_csv(empty)
    assert not empty.showpieces
