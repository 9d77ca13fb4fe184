"""``pursuit tournament``: policies against each other, until the numbers can be trusted."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from pursuit.tournament.plan import Limits, Mode, Plan
    from pursuit.tournament.pools import Pool
    from pursuit.tournament.report.tables import Report
    from pursuit.tournament.results import Results
    from pursuit.tournament.sprt import Sprt

app = typer.Typer(help="Play policies against each other, and say what the results are worth.", no_args_is_help=True)

WHO = Annotated[
    list[str],
    typer.Argument(
        help="HUNTER/GUARDIAN plays both sides, a bare NAME the side it declares; or one SPEC.toml.",
        metavar="ENTRANT...|SPEC.toml",
    ),
]
SCENARIO = Annotated[
    list[str] | None,
    typer.Option("--scenario", metavar="NAME(PARAMS)", help="What to play on. May be repeated."),
]
POLICY = Annotated[
    list[str] | None,
    typer.Option("--policy", metavar="WHO=POLICY", help="Who chooses for those whom no entrant plays."),
]
PAIRS = Annotated[int | None, typer.Option(min=1, help="Pairs a pairing and board. Default 100, or the file's.")]
SEED = Annotated[int | None, typer.Option(min=0, help="Master seed. Default 1, or the file's.")]
SPRT = Annotated[
    str | None, typer.Option(metavar="LOW,HIGH", help="Stop as soon as it is clear on which side nElo lies.")
]
WORKERS = Annotated[int, typer.Option(min=0, help="Processes that play. 0: this one. Changes no result.")]
SCHEDULER = Annotated[str | None, typer.Option(metavar="ADDRESS", help="Play on the Dask cluster there instead.")]
OUT = Annotated[Path | None, typer.Option(metavar="DIR", help="Where the ledger is kept. Default: under tournaments/.")]
SECONDS = Annotated[float | None, typer.Option(min=0.001, help="Time that a policy has for a turn.")]
MEMORY = Annotated[int | None, typer.Option(min=1, metavar="MIB", help="Memory that a policy may take.")]
REGRET = Annotated[bool, typer.Option("--regret", help="Judge every move by exact play, where that is known.")]
BATCH = Annotated[int, typer.Option(min=0, help="Games that are played together. Changes no result.")]
PART = Annotated[str, typer.Option(metavar="K/N", help="Play this share only; `tournament merge` joins them.")]
JSON = Annotated[bool, typer.Option("--json", help="Print one JSON object instead.")]


@app.command()
def match(
    who: WHO,
    scenario: SCENARIO = None,
    policy: POLICY = None,
    pairs: PAIRS = None,
    seed: SEED = None,
    sprt: SPRT = None,
    workers: WORKERS = 2,
    scheduler: SCHEDULER = None,
    out: OUT = None,
    seconds: SECONDS = None,
    memory: MEMORY = None,
    regret: REGRET = False,
    batch: BATCH = 0,
    part: PART = "1/1",
    as_json: JSON = False,
) -> None:
    """Two entrants against each other."""
    plan = _plan("match", who, scenario, policy, pairs, seed, sprt, seconds, memory, regret)
    _play(plan, _pool(workers, scheduler), out, batch, part, as_json)


@app.command()
def gauntlet(
    who: WHO,
    scenario: SCENARIO = None,
    policy: POLICY = None,
    pairs: PAIRS = None,
    seed: SEED = None,
    sprt: SPRT = None,
    workers: WORKERS = 2,
    scheduler: SCHEDULER = None,
    out: OUT = None,
    seconds: SECONDS = None,
    memory: MEMORY = None,
    regret: REGRET = False,
    batch: BATCH = 0,
    part: PART = "1/1",
    as_json: JSON = False,
) -> None:
    """The first entrant against each other one."""
    plan = _plan("gauntlet", who, scenario, policy, pairs, seed, sprt, seconds, memory, regret)
    _play(plan, _pool(workers, scheduler), out, batch, part, as_json)


@app.command()
def roundrobin(
    who: WHO,
    scenario: SCENARIO = None,
    policy: POLICY = None,
    pairs: PAIRS = None,
    seed: SEED = None,
    sprt: SPRT = None,
    workers: WORKERS = 2,
    scheduler: SCHEDULER = None,
    out: OUT = None,
    seconds: SECONDS = None,
    memory: MEMORY = None,
    regret: REGRET = False,
    batch: BATCH = 0,
    part: PART = "1/1",
    as_json: JSON = False,
) -> None:
    """Everybody against everybody."""
    plan = _plan("roundrobin", who, scenario, policy, pairs, seed, sprt, seconds, memory, regret)
    _play(plan, _pool(workers, scheduler), out, batch, part, as_json)


@app.command()
def report(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where a tournament's ledger is kept.")],
    form: Annotated[str, typer.Option("--format", help="text, json, csv, md or html.")] = "text",
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Write it there instead of printing it.")] = None,
    parquet: Annotated[Path | None, typer.Option(help="Write all games there as a Parquet file instead.")] = None,
    sql: Annotated[str | None, typer.Option(metavar="QUERY", help="Print what a query of the games gives.")] = None,
) -> None:
    """What a tournament has shown so far."""
    from pursuit.cli import show
    from pursuit.content.files.problems import did_you_mean, fail
    from pursuit.tournament.report import write
    from pursuit.tournament.report.page import as_html

    writers = {"json": write.as_json, "csv": write.as_csv, "md": write.as_markdown, "html": as_html}
    if form not in ("text", *writers):
        known = ("text", *writers)
        raise fail("format", f"{form!r} is no format{did_you_mean(form, known) or '; there is ' + ', '.join(known)}")
    if parquet is not None or sql is not None:
        _export(folder, parquet, sql)
        return
    made = _report_of(folder)
    if form == "text" and out is None:
        _show(made)
        return
    written = _as_text(made) if form == "text" else writers[form](made)
    if out is None:
        print(written, end="")
        return
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(written, encoding="utf-8")
    show.note(f"written to {out}")


@app.command()
def merge(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="Where the whole is kept.")],
    folders: Annotated[list[Path], typer.Argument(metavar="DIR...", help="Ledgers of one tournament.")],
) -> None:
    """Make one ledger of several, such as those of shares that were played on several machines."""
    from pursuit.cli import show
    from pursuit.tournament.merge import merge as join

    num, notices = join(out, folders)
    for notice in notices:
        show.note(notice)
    print(f"{out}: {num:,} games")


@app.command()
def explain(
    elo: Annotated[float, typer.Option(help="The lead to be told from none, in Elo.")] = 10.0,
    deviation: Annotated[
        float | None, typer.Option(help="Standard deviation of a pair's score. Default: 0.25, or the ledger's.")
    ] = None,
    folder: Annotated[Path | None, typer.Option("--from", metavar="DIR", help="Take it from this tournament.")] = None,
    as_json: JSON = False,
) -> None:
    """How many pairs a difference needs."""
    from dataclasses import asdict

    from pursuit.cli import show
    from pursuit.content.files.problems import fail
    from pursuit.tournament.power import needed

    if deviation is None:
        deviation = _deviation(folder) if folder is not None else 0.25
    try:
        need = needed(elo, deviation)
    except ValueError as error:
        raise fail("explain", str(error)) from None
    if as_json:
        show.emit(asdict(need))
        return
    out = show.console()
    out.print(f"A lead of {elo:g} Elo, pairs whose score deviates by {deviation:.3f}: {need.normalized:.1f} nElo")
    rows = [
        ("the 95 % interval is as wide, to either side, as the lead", f"{need.interval:,}"),
        ("a fixed test at 5 % sees the lead in half of the cases", f"{need.even:,}"),
        ("a fixed test at 5 % sees it in 95 % of the cases", f"{need.sure:,}"),
        ("a sequential test takes, on average, if the lead is real", f"{need.sequential:,}"),
        ("a sequential test takes, on average, if there is none", f"{need.sequential_none:,}"),
    ]
    show.table(out, ("pairs until", "pairs"), rows, right=(1,))


def _plan(
    mode: Mode,
    who: list[str],
    scenarios: list[str] | None,
    policies: list[str] | None,
    pairs: int | None,
    seed: int | None,
    sprt: str | None,
    seconds: float | None,
    memory: int | None,
    regret: bool,
) -> Plan:
    """What is to be played. Raises ContentError."""
    from pursuit.content.files.problems import fail
    from pursuit.tournament.plan import Plan, read_entrants
    from pursuit.tournament.planfile import read_plan, read_venue

    if len(who) == 1 and who[0].endswith(".toml"):
        if scenarios or policies or sprt or seconds or memory or regret:
            raise fail("tournament", f"with {who[0]} only --pairs and --seed are chosen anew; the rest is in the file")
        return read_plan(Path(who[0]), mode, pairs=pairs, seed=seed)
    if not scenarios:
        raise fail("tournament", "name what to play on, such as --scenario galleria")
    return Plan(
        mode=mode,
        entrants=read_entrants(who),
        venues=tuple(read_venue(written, policies or ()) for written in scenarios),
        pairs=100 if pairs is None else pairs,
        seed=1 if seed is None else seed,
        sprt=_sprt(sprt) if sprt else None,
        limits=_limits(seconds, memory),
        regret=regret,
    )


def _sprt(written: str) -> Sprt:
    from pursuit.content.files.problems import fail
    from pursuit.tournament.sprt import Sprt

    try:
        low, high = map(float, written.split(","))
    except ValueError:
        raise fail("sprt", f"{written!r}: write two bounds in normalized Elo, such as 0,10") from None
    return Sprt(low, high)


def _limits(seconds: float | None, memory: int | None) -> Limits:
    from pursuit.tournament.plan import Limits

    given = {"seconds": seconds, "memory": memory}
    return Limits(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]


def _pool(workers: int, scheduler: str | None) -> Pool:
    from pursuit.tournament import pools

    if scheduler:
        return pools.cluster(scheduler)
    return pools.processes(workers) if workers else pools.here()


def _play(plan: Plan, pool: Pool, out: Path | None, batch: int, part: str, as_json: bool) -> None:
    """Play, or go on, and print the report."""
    from pursuit.cli import show
    from pursuit.cli.live import standings
    from pursuit.tournament.ledger import Ledger
    from pursuit.tournament.report.build import build
    from pursuit.tournament.report.write import as_data
    from pursuit.tournament.runner import Options, run
    from pursuit.tournament.schedule import Schedule
    from pursuit.tournament.spec import make_spec

    spec = make_spec(plan)
    folder = out or Path("tournaments") / f"{plan.mode}-{_short(plan)}"
    with Ledger(folder, spec) as ledger:
        for notice in ledger.notices:
            show.note(notice)
        if len(ledger.rows):
            show.note(f"going on in {folder}: {len(ledger.rows):,} games are there")
        try:
            with standings(plan) as on_progress:
                results = run(Schedule(plan), spec, ledger, pool, Options(batch, _part(part)), on_progress)
        except KeyboardInterrupt:
            show.note(f"interrupted; the same command goes on in {folder}")
            raise typer.Exit(130) from None
        finally:
            pool.close()
    made = build(results, spec)
    if as_json:
        show.emit({**as_data(made), "folder": str(folder)})
    else:
        _show(made)
        show.note(f"kept in {folder}; see: pursuit tournament report {folder} --format html -o report.html")


def _part(written: str) -> tuple[int, int]:
    from pursuit.content.files.problems import fail

    which, _, shares = written.partition("/")
    if not (which.isdigit() and shares.isdigit() and 1 <= int(which) <= int(shares)):
        raise fail("part", f"{written!r}: write K/N, such as 1/3 for the first of three shares")
    return int(which), int(shares)


def _short(plan: Plan) -> str:
    """A short name for what is played, whatever the number of pairs."""
    facts = [
        [entrant.name for entrant in plan.entrants],
        [venue.label for venue in plan.venues],
        plan.seed,
        repr(plan.sprt),
    ]
    return hashlib.blake2b(json.dumps(facts).encode(), digest_size=4).hexdigest()


def _results_of(folder: Path) -> tuple[Results, dict[str, Any]]:
    from pursuit.cli import show
    from pursuit.tournament.ledger import read_results

    results, spec, notices = read_results(folder)
    for notice in notices:
        show.note(notice)
    return results, spec


def _export(folder: Path, parquet: Path | None, sql: str | None) -> None:
    """The games themselves, as a file or by a query."""
    from pursuit.cli import show
    from pursuit.tournament.export import query, write_parquet

    results, spec = _results_of(folder)
    if parquet is not None:
        num = write_parquet(results, spec, parquet)
        show.note(f"{num:,} games written to {parquet}")
    if sql is not None:
        names, rows = query(results, spec, sql)
        show.table(show.console(), names, [[*map(str, row)] for row in rows])


def _report_of(folder: Path) -> Report:
    from pursuit.tournament.report.build import build

    return build(*_results_of(folder))


def _deviation(folder: Path) -> float:
    """The standard deviation of a pair's score in a tournament, over all its pairings."""
    from pursuit.tournament.score import Tally

    results, _ = _results_of(folder)
    total = Tally()
    for pairing in range(len(results.schedule.pairings)):
        total = total + results.tally(pairing)
    return total.deviation


def _show(made: Report) -> None:
    """A report on the terminal."""
    from pursuit.cli import show
    from pursuit.tournament.report.tables import texts
    from pursuit.tournament.report.write import told

    out = show.console()
    out.print(made.title, style="bold")
    out.print(told(made))
    for table in made.tables:
        names = [column.name for column in table.columns]
        out.print()
        show.table(out, names, texts(table), right=range(table.keys, len(names)), title=table.title)
        if table.note:
            out.print(table.note, style="dim")
    if made.showpieces:
        out.print()
        out.print("Games to see", style="bold")
    for piece in made.showpieces:
        out.print(f"{piece.why}: {piece.outcome} after {piece.turns} turns on {piece.venue}")
        print(f"  {piece.command}")


def _as_text(made: Report) -> str:
    """What `_show` prints, as text for a file."""
    import contextlib
    import io

    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        _show(made)
    return told.getvalue()
