"""The commands, run in this process."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from pursuit.cli import main as cli
from pursuit.play import records
from pursuit.play.frames import bodies, load, pack
from pursuit.play.replay import open_replay

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def pursuit(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command line in an empty folder: exit code, output, errors."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["pursuit", *arguments])
        with pytest.raises(SystemExit) as stopped:
            cli.main()
        code = stopped.value.code
        said = capsys.readouterr()
        return code if isinstance(code, int) else 0, said.out, said.err

    return run


def test_run_tells_records_and_sums_up(pursuit: Run) -> None:
    code, out, err = pursuit("run", "galleria")
    assert (code, err) == (0, "")
    assert out.startswith("The Galleria: film line, seed ")
    assert "\x1b" not in out and max(map(len, out.splitlines())) <= 80
    assert "replay: replays/galleria-" in out and "checks passed" in out.splitlines()[-1]
    replay = open_replay(next(Path("replays").iterdir()))
    assert replay.is_complete and not replay.notice


def test_json_of_a_run_and_of_a_batch_holds_what_is_promised(pursuit: Run) -> None:
    one = json.loads(pursuit("run", "duel_torus", "--json")[1])
    promised = {"scenario", "seed", "outcome", "turns", "checks", "digest", "policies", "replay"}
    assert promised <= set(one) and isinstance(one["turns"], int)
    many = json.loads(pursuit("run", "duel_torus", "--episodes", "6", "--json")[1])
    promised = {"scenario", "seed", "outcomes", "episodes", "turns", "agent_steps_per_second", "policies", "checks"}
    assert promised <= set(many) and isinstance(many["turns"], int) and many["agent_steps_per_second"] > 0
    assert many["turns"] == round(6 * many["turns_an_episode"]["mean"])
    assert many["turns_an_episode"]["least"] <= one["turns"] <= many["turns_an_episode"]["most"]


def test_run_json_is_one_object(pursuit: Run) -> None:
    code, out, _ = pursuit("run", "galleria", "--json", "--seed", "3", "--replay", "r.chase.jsonl.gz")
    data = json.loads(out)
    assert code == 0 and data["scenario"] == "galleria" and data["seed"] == 3
    assert data["replay"] == "r.chase.jsonl.gz" and data["turns"] == open_replay("r.chase.jsonl.gz").num_turns
    assert {check["status"] for check in data["checks"]} == {"pass"}
    assert data["policies"]["john"] == "cues" and len(data["digest"]) == 16
    assert open_replay("r.chase.jsonl.gz").end.digest == data["digest"]


def test_an_episode_of_a_batch_plays_the_same_alone(pursuit: Run) -> None:
    _, out, _ = pursuit("run", "duel_torus", "--episodes", "8", "--keep", "all", "--replay", "kept", "--json")
    batch = json.loads(out)
    assert batch["episodes"] == 8 == sum(batch["outcomes"].values()) == len(batch["replays"])
    assert batch["score"]["low"] <= batch["score"]["mean"] <= batch["score"]["high"]
    for row in (0, 5):
        _, out, _ = pursuit("run", "duel_torus", "--episode", str(row), "--json")
        alone = json.loads(out)
        kept = open_replay(f"kept/duel_torus-{batch['seed']}-{row}.chase.jsonl")
        assert (kept.seed, kept.end.digest, kept.outcome) == (alone["seed"], alone["digest"], alone["outcome"])


def test_a_batch_prints_its_table(pursuit: Run) -> None:
    code, out, err = pursuit("run", "duel_grid", "--episodes", "20", "--policy", "evader=stand_still")
    assert (code, err) == (0, "")
    assert "quarry captured" in out and "100.0 %" in out and "agent-steps a second" in out
    assert not Path("replays").exists()


def test_keep_by_outcome(pursuit: Run) -> None:
    pursuit("run", "duel_torus", "--episodes", "12", "--keep", "quarry_captured")
    kept = [open_replay(path) for path in Path("replays").iterdir()]
    assert kept and {replay.outcome for replay in kept} == {"quarry_captured"}
    pursuit("run", "duel_grid", "--keep", "none")
    assert not list(Path("replays").glob("duel_grid*"))


def test_set_and_policies(pursuit: Run) -> None:
    arguments = ("run", "duel_grid", "--set", "board=torus:10x10", "--policy", "hunter=random_walk", "--json")
    data = json.loads(pursuit(*arguments)[1])
    assert data["params"] == {"board": "torus:10x10"} and data["policies"]["pursuer"] == "random_walk"


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("run", "gallera"), 2, "did you mean 'galleria'"),
        (("run", "none.toml"), 2, "no such file"),
        (("run", "galleria", "--film", "--open"), 2, "choose one of --film and --open"),
        (("run", "galleria", "--policy", "hunter=beelin"), 2, "did you mean 'beeline'"),
        (("run", "galleria", "--policy", "jon=beeline"), 2, "did you mean 'john'"),
        (("run", "galleria", "--keep", "quarry_kiled"), 2, "did you mean 'quarry_killed'"),
        (("run", "duel_grid", "--set", "bord=1"), 2, "board"),
        (("run", "duel_grid", "--set", "board"), 2, "write KEY=VALUE"),
        (("run", "duel_grid", "--seed", str(1 << 64)), 2, "below 2^64"),
        (("run", "duel_grid", "--seed", "-1"), 2, "greater than or equal to 0"),
        (("run", "duel_grid", "--seed", "x"), 2, "valid integer"),
        (("run", "duel_grid", "--episodes", "0"), 2, "episodes"),
        (("run", "duel_grid", "--episodes", "9" * 20), 2, "use several seeds"),
        (("run", "duel_grid", "--episode", "9" * 20), 2, "less than or equal to"),
        (("run", "duel_grid", "--view", "--keep", "none"), 2, "--view shows the replay"),
        (("run", "galleria", "--policy", "hunter=beeline(patient=1)"), 2, "patience"),
        (("run", "galleria", "--policy", "hunter"), 2, "write SIDE=POLICY or AGENT=POLICY"),
        (("run", "galleria.toml"), 2, "did you mean 'galleria'?"),
        (("run", "./"), 2, "is a directory"),
        (("run",), 2, "Missing argument 'NAME'"),
        (("run", "duel_grid", "--replay", "."), 2, "directory"),
        (("run", "duel_grid", "--episodes", "5", "--view"), 2, "--episodes"),
        (("walk",), 2, "No such command"),
        (("map", "info", "gallerio"), 2, "did you mean 'galleria'"),
        (("policy", "describe", "beelin"), 2, "did you mean 'beeline'"),
        (("replay", "info", "none.chase.jsonl"), 2, "no such replay"),
        (("replay", "info", "."), 2, "is a directory"),
        (("replay", "render", "none.chase.jsonl"), 2, "Missing option '--out' / '-o'"),
    ],
)
def test_bad_input_is_one_sentence(pursuit: Run, arguments: tuple[str, ...], code: int, message: str) -> None:
    found, out, err = pursuit(*arguments)
    assert found == code and message in err
    assert "Traceback" not in err and out == ""


@pytest.mark.parametrize(
    "arguments",
    [
        ("--help",),
        ("--version",),
        ("scenario", "list"),
        ("scenario", "describe", "galleria"),
        ("scenario", "check"),
        ("map", "list"),
        ("map", "info", "galleria"),
        ("map", "check"),
        ("policy", "list"),
        ("policy", "describe", "interceptor"),
        ("policy", "check", "stand_still", "--on", "duel_grid"),
        ("doctor",),
    ],
)
def test_what_there_is(pursuit: Run, arguments: tuple[str, ...]) -> None:
    code, out, err = pursuit(*arguments)
    assert (code, err) == (0, "") and out.strip()
    assert max(map(len, out.splitlines())) <= 80 or arguments[0] == "doctor"


@pytest.mark.parametrize(
    "arguments",
    [
        ("scenario", "list", "--json"),
        ("scenario", "describe", "galleria", "--json"),
        ("scenario", "schema"),
        ("map", "list", "--json"),
        ("map", "info", "grid:4x4", "--json"),
        ("policy", "list", "--json"),
        ("policy", "describe", "beeline", "--json"),
        ("policy", "check", "stand_still", "--on", "duel_grid", "--json"),
        ("scenario", "check", "--json"),
        ("map", "check", "--json"),
        ("doctor", "--json"),
    ],
)
def test_json_is_one_object(pursuit: Run, arguments: tuple[str, ...]) -> None:
    code, out, err = pursuit(*arguments)
    assert (code, err) == (0, "") and isinstance(json.loads(out), dict)


def test_checks_tell_problems_as_json(pursuit: Run) -> None:
    Path("mine.toml").write_text('id = "mine"\n', "utf-8")
    code, out, err = pursuit("scenario", "check", "mine.toml", "duel_grid", "--json")
    mine, duel = json.loads(out)["scenarios"]
    assert (code, err) == (2, "") and (mine["ok"], duel["ok"]) == (False, True)
    assert {"missing-key"} == {problem["code"] for problem in mine["problems"]}
    code, out, err = pursuit("map", "check", "mine.toml", "galleria")
    assert code == 2 and out.startswith("galleria: fine") and "mine.toml:1:1: error[missing-key]" in err


def test_replay_commands(pursuit: Run) -> None:
    pursuit("run", "duel_torus", "--replay", "a.chase.jsonl")
    pursuit("run", "duel_torus", "--replay", "b.chase.jsonl", "--policy", "evader=stand_still")
    assert pursuit("replay", "verify", "a.chase.jsonl")[:2] == (
        0,
        f"a.chase.jsonl: verified, {open_replay('a.chase.jsonl').num_turns} turns\n",
    )
    assert json.loads(pursuit("replay", "verify", "a.chase.jsonl", "--json")[1])["status"] == "good"
    assert json.loads(pursuit("replay", "info", "a.chase.jsonl", "--json")[1])["complete"] is True
    assert "scenario    duel_torus" in pursuit("replay", "info", "a.chase.jsonl")[1]
    assert pursuit("replay", "diff", "a.chase.jsonl", "a.chase.jsonl")[:2] == (0, "no difference\n")
    code, out, _ = pursuit("replay", "diff", "a.chase.jsonl", "b.chase.jsonl")
    assert code == 1 and " in a.chase.jsonl\n" in out and " in b.chase.jsonl\n" in out
    code, out, _ = pursuit("replay", "diff", "a.chase.jsonl", "b.chase.jsonl", "--json")
    assert code == 1 and json.loads(out)["difference"]["turn"] >= 1
    assert json.loads(pursuit("replay", "diff", "a.chase.jsonl", "a.chase.jsonl", "--json")[1])["difference"] is None
    assert "Two against one" in pursuit("replay", "play", "a.chase.jsonl", "--text")[1]
    code, out, _ = pursuit("replay", "fork", "a.chase.jsonl", "--turn", "2", "--policy", "evader=stand_still")
    assert code == 0 and "replay: a-from-2.chase.jsonl" in out
    assert pursuit("replay", "verify", "a-from-2.chase.jsonl")[0] == 0
    fork = ("replay", "fork", "a.chase.jsonl", "--turn", "2", "-o", "fork.chase.jsonl", "--json")
    assert json.loads(pursuit(*fork)[1])["replay"] == "fork.chase.jsonl"


def test_pictures_and_clips(pursuit: Run) -> None:
    pursuit("run", "duel_torus", "--replay", "a.chase.jsonl")
    assert pursuit("replay", "render", "a.chase.jsonl", "-o", "a.png", "--turn", "1")[:2] == (0, "written: a.png\n")
    assert Path("a.png").read_bytes().startswith(b"\x89PNG")
    assert pursuit("replay", "render", "a.chase.jsonl", "-o", "a.gif", "--range", "1:2")[0] == 0
    assert Path("a.gif").read_bytes().startswith(b"GIF89a")
    for wrong, message in (
        (("-o", "a.png", "--turn", "9999"), "the replay has turns 0 to"),
        (("-o", "a.gif", "--range", "1:9999"), "the replay has turns 0 to"),
        (("-o", "a.gif", "--range", "2:1"), "turn 2 comes after turn 1"),
        (("-o", "a.gif", "--range", "1-2"), "write A:B, such as 10:40"),
        (("-o", "a.gif", "--range", "1:2", "--turn", "1"), "choose one of --turn and --range"),
        (("-o", "a.png", "--range", "1:2"), "a picture shows one turn"),
        (("-o", "a.jpg"), "a picture ends in .png"),
        (("-o", "no/a.png"), "cannot be written"),
        (("-o", "no/a.gif", "--range", "1:2"), "cannot be written"),
        (("-o", "a.png", "--eyes", "evadr"), "did you mean 'evader'?"),
    ):
        code, out, err = pursuit("replay", "render", "a.chase.jsonl", *wrong)
        assert (code, out) == (2, "") and message in err, wrong


def test_exit_codes_of_replays(pursuit: Run) -> None:
    pursuit("run", "duel_grid", "--replay", "a.chase.jsonl")
    whole = Path("a.chase.jsonl").read_bytes()
    Path("cut.chase.jsonl").write_bytes(whole[: len(whole) // 2])
    code, _, err = pursuit("replay", "play", "cut.chase.jsonl", "--text")
    assert code == 0 and "cut off or damaged after turn" in err
    code, out, _ = pursuit("replay", "verify", "cut.chase.jsonl")
    assert code == 1 and "incomplete" in out
    Path("bad.chase.jsonl").write_bytes(whole[20:])
    assert pursuit("replay", "info", "bad.chase.jsonl")[0] == 2
    head, *rest = bodies(load(Path("a.chase.jsonl")))
    newer = head.replace(b'"format":1', b'"format":2')
    Path("new.chase.jsonl").write_bytes(pack(newer) + b"".join(map(pack, rest)))
    code, _, err = pursuit("replay", "info", "new.chase.jsonl")
    assert code == 3 and "made by a later version" in err
    other = head.replace(records.decode(head, records.Head).rules.encode(), b"0123456789abcdef")
    Path("old.chase.jsonl").write_bytes(pack(other) + b"".join(map(pack, rest)))
    code, out, _ = pursuit("replay", "verify", "old.chase.jsonl")
    assert code == 3 and "watch only" in out


def test_a_failed_check_fails_the_run(pursuit: Run) -> None:
    code, out, _ = pursuit("run", "galleria", "--policy", "john=stand_still")
    assert code == 1 and "FAIL" in out and "checks failed" in out.splitlines()[-1]
    code, _, _ = pursuit("run", "galleria", "--open", "--fail-on-unfired")
    assert code == 1
    code, _, err = pursuit("run", "galleria", "--open", "--episodes", "2", "--fail-on-unfired")
    assert code == 1 and "never fired" in err
