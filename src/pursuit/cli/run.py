"""``pursuit run``: play a scenario, once as a story or many times as numbers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from pursuit.content.scenario import Line, Scenario
    from pursuit.core.world import World
    from pursuit.play.checks import CheckResult
    from pursuit.play.coverage import Coverage
    from pursuit.play.result import Result
    from pursuit.play.voices import Speaker

NAME = Annotated[str, typer.Argument(help="A scenario by name, or the path of a scenario file.", metavar="NAME")]
POLICY = Annotated[
    list[str] | None,
    typer.Option(
        "--policy",
        metavar="WHO=POLICY",
        help="Who chooses: SIDE=NAME(params) or AGENT=NAME(params), also MODULE:CLASS. May be repeated.",
    ),
]
SET = Annotated[
    list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="A parameter of the scenario. May be repeated.")
]


def run(
    name: NAME,
    film: Annotated[bool, typer.Option("--film", help="The film's events, by cues (the default).")] = False,
    open_play: Annotated[bool, typer.Option("--open", help="Open play: policies instead of the script.")] = False,
    seed: Annotated[int | None, typer.Option(min=0, help="Seed of the run. Default: the scenario's.")] = None,
    episodes: Annotated[int | None, typer.Option(min=1, help="Play so many episodes and count outcomes.")] = None,
    episode: Annotated[int | None, typer.Option(min=0, max=1 << 62, help="Play this row of a batch alone.")] = None,
    policy: POLICY = None,
    settings: SET = None,
    replay: Annotated[Path | None, typer.Option(help="Where the replay goes (a folder, with --episodes).")] = None,
    keep: Annotated[
        str | None, typer.Option(metavar="all|none|OUTCOME", help="Which episodes' replays to keep.")
    ] = None,
    view: Annotated[bool, typer.Option("--view", help="Watch the replay in a window afterwards.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="An illegal choice of a policy is an error.")] = False,
    fail_on_unfired: Annotated[
        bool, typer.Option("--fail-on-unfired", help="A trigger that never fired fails the run.")
    ] = False,
    full: Annotated[bool, typer.Option("--full", help="Tell every event, small ones too.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead.")] = False,
) -> None:
    """Play a scenario. Without --open it is the film line, told turn by turn; with --episodes, a table of outcomes."""
    from pursuit.cli import show
    from pursuit.content.files.problems import fail
    from pursuit.play.seeds import episode_seeds

    if film and open_play:
        raise typer.BadParameter("choose one of --film and --open")
    if episodes is not None and (episode is not None or view):
        raise typer.BadParameter("--episodes goes neither with --episode nor with --view")
    if view and keep == "none" and replay is None:
        raise typer.BadParameter("--view shows the replay: it does not go with --keep none")
    scenario = load(name, "open" if open_play else "film", settings or [])
    seed = scenario.seed if seed is None else seed
    if seed >= 1 << 64:
        raise fail("seed", f"a seed is below 2^64, not {seed}")
    speakers = line_up(scenario, policy or [])
    if episodes is not None:
        from pursuit.cli.batch import run_batch

        good = run_batch(
            scenario,
            seed,
            episodes,
            speakers,
            folder=replay,
            keep=keep or "none",
            strict=strict,
            fail_on_unfired=fail_on_unfired,
            as_json=as_json,
        )
        raise typer.Exit(0 if good else 1)
    if episode:
        seed = int(episode_seeds(seed, 1, episode)[0])
    report = _Run(scenario, speakers, seed, replay, keep or "all", strict)
    try:
        report.play(quiet=as_json, full=full)
    except KeyboardInterrupt:
        show.note("interrupted" + (f"; played so far: {report.path}" if report.path else ""))
        raise typer.Exit(130) from None
    if as_json:
        show.emit(report.as_json())
    else:
        report.show()
    if view and report.path is not None:
        from pursuit.play.replay import open_replay
        from pursuit.play.verify import verify
        from pursuit.viewer.app import play as watch

        opened = open_replay(report.path)
        verify(opened)
        watch(opened)
    raise typer.Exit(0 if report.is_good(fail_on_unfired=fail_on_unfired) else 1)


def load(name: str, line: Line, settings: Sequence[str]) -> Scenario:
    """A scenario with its parameters set. Raises ContentError."""
    from pursuit.content.scenario import load_scenario

    return load_scenario(name, line=line, params=parameters(settings))


def parameters(settings: Sequence[str]) -> dict[str, Any]:
    """``KEY=VALUE`` as typed values: numbers, true and false, and text. Raises ContentError."""
    from pursuit.content.files.problems import fail

    values: dict[str, Any] = {}
    for setting in settings:
        key, equals, text = setting.partition("=")
        if not equals or not key.strip():
            raise fail("parameter", f"{setting!r}: write KEY=VALUE, such as hunters=3")
        values[key.strip()] = _value(text.strip())
    return values


def _value(text: str) -> int | float | bool | str:
    if text in ("true", "false"):
        return text == "true"
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def line_up(scenario: Scenario, overrides: Sequence[str]) -> tuple[Speaker, ...]:
    """The speakers of a scenario, some replaced. Raises ContentError."""
    from pursuit.play.lineup import assign

    return assign(scenario.world, scenario.policies, overrides)


class _Run:
    """One episode: played, told, checked, recorded."""

    def __init__(
        self,
        scenario: Scenario,
        speakers: tuple[Speaker, ...],
        seed: int,
        replay: Path | None,
        keep: str,
        strict: bool,
    ) -> None:
        from pursuit.play.checks import CheckWatch
        from pursuit.play.coverage import TriggerWatch
        from pursuit.play.regret import RegretWatch, judge_of

        self.scenario, self.speakers, self.seed, self.strict = scenario, speakers, seed, strict
        self.world: World = scenario.world
        self.keep = checked_keep(self.world, keep)
        line = "-open" if scenario.line == "open" else ""
        self.path: Path | None = replay or Path("replays") / f"{self.world.name}{line}-{seed}.chase.jsonl"
        if keep == "none" and replay is None:
            self.path = None
        self.watch = CheckWatch(self.world, scenario.checks, 1)
        self.coverage = TriggerWatch(self.world, 1)
        judge = judge_of(self.world)
        self.regret = RegretWatch(judge) if judge is not None else None
        self.result: Result | None = None

    def play(self, *, quiet: bool, full: bool) -> None:
        from pursuit.cli import show
        from pursuit.play.session import make_head, play
        from pursuit.play.story import told

        out = show.console()

        def tell(turn: int, events: list[Any]) -> None:
            if turn == 0:
                _title(out, self.scenario, self.seed)
            show.tell(out, turn, events if full else told(self.world, events))

        self.result = play(
            self.world,
            self.seed,
            self.speakers,
            head=make_head(self.scenario, self.seed, self.speakers),
            path=self.path,
            tell=None if quiet else tell,
            listeners=[watch.hear for watch in (self.watch, self.coverage, self.regret) if watch is not None],
            strict=self.strict,
        )
        if self.path is not None and self.keep not in ("all", "none", self.outcome):
            self.path.unlink()
            self.path = None

    @property
    def _played(self) -> Result:
        assert self.result is not None, "nothing was played yet"
        return self.result

    @property
    def outcome(self) -> str:
        return next(iter(self._played.outcomes()))

    @property
    def turns(self) -> int:
        return int(self._played.turns[0])

    @property
    def digest(self) -> str:
        from pursuit.core.state import digest

        return digest(self._played.state)

    def checks(self) -> tuple[CheckResult, ...]:
        return self.watch.results()

    def unfired(self) -> list[Coverage]:
        return [coverage for coverage in self.coverage.results() if coverage.never]

    def is_good(self, *, fail_on_unfired: bool) -> bool:
        """Whether every required check passed, and every trigger fired if that is asked for."""
        failed = any(check.fatal for check in self.checks())
        return not failed and not (fail_on_unfired and self.unfired())

    def show(self) -> None:
        """What came of it, after the story."""
        from pursuit.cli import show

        out = show.console()
        out.print()
        checks = [check for check in self.checks() if check.status != "skipped"]
        show.checks(out, checks)
        if self.scenario.line == "film":
            for trigger in self.unfired():
                out.print(f"trigger {trigger.name} never fired: {trigger.near_miss}", style="dim")
        if self.regret is not None:
            show.regret(out, self.regret.tallies())
        if self.path is not None:
            out.print(f"replay: {self.path}")
        failed = sum(check.status == "fail" for check in checks)
        verdict = f"{failed} of {len(checks)} checks failed" if failed else f"{len(checks)} checks passed"
        tail = f", {verdict}" if checks else ""
        out.print(f"{self.outcome.replace('_', ' ')} after {self.turns} turns, seed {self.seed}{tail}", style="bold")

    def as_json(self) -> dict[str, Any]:
        from pursuit.cli import show
        from pursuit.play.lineup import specs

        return {
            "scenario": self.world.name,
            "line": self.scenario.line,
            "seed": self.seed,
            "params": dict(self.world.params),
            "outcome": self.outcome,
            "score": float(self._played.score[0]),
            "turns": self.turns,
            "digest": self.digest,
            "policies": dict(zip(self.world.agent_name, specs(self.world, self.speakers), strict=True)),
            "checks": [show.check_facts(check) for check in self.checks()],
            "unfired": [show.coverage_facts(found) for found in self.unfired()],
            "regret": show.regret_facts(self.regret.tallies()) if self.regret is not None else None,
            "replay": str(self.path) if self.path else None,
        }


def checked_keep(world: World, keep: str) -> str:
    """The word after --keep. Raises ContentError if it is neither all, none nor an outcome."""
    from pursuit.content.files.problems import did_you_mean, fail

    known = ("all", "none", *world.outcome_name)
    if keep not in known:
        hint = did_you_mean(keep, known) or f"; there is {', '.join(known)}"
        raise fail("keep-option", f"{keep!r} is no outcome of {world.name}{hint}")
    return keep


def _title(out: Console, scenario: Scenario, seed: int) -> None:
    line = "film line" if scenario.line == "film" else "open play"
    out.print(f"{scenario.world.title}: {line}, seed {seed}", style="bold")
    out.print()
