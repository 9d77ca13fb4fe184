"""``pursuit replay``: watch, verify, compare, draw and continue recorded episodes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from pursuit.play.replay import Replay
    from pursuit.play.verify import Difference
    from pursuit.rules.told.events import Event

app = typer.Typer(help="Watch, verify, compare, draw and continue replays.", no_args_is_help=True)

FILE = Annotated[Path, typer.Argument(help="A replay, .chase.jsonl or .chase.jsonl.gz.", metavar="FILE")]
JSON = Annotated[bool, typer.Option("--json", help="Print one JSON object instead.")]
VERIFY_AT_ONCE = 2000
"""Turns up to which a replay is verified before it is shown, which takes about a millisecond each."""


@app.command()
def play(
    file: FILE,
    text: Annotated[bool, typer.Option("--text", help="Tell it here instead of opening a window.")] = False,
    full: Annotated[bool, typer.Option("--full", help="With --text: tell every event, small ones too.")] = False,
) -> None:
    """Watch a replay."""
    replay = _open(file)
    if text:
        _tell(replay, full=full)
        return
    from pursuit.viewer.app import play as watch

    _settle(replay)
    watch(replay)


@app.command()
def info(file: FILE, as_json: JSON = False) -> None:
    """What a replay holds."""
    from pursuit.cli import show

    replay = _open(file)
    head, end = replay.head, replay.end
    facts = {
        "file": str(file),
        "format": head.format,
        "engine": head.engine,
        "rules": head.rules,
        "scenario": head.scenario,
        "title": head.title,
        "line": head.line,
        "seed": head.seed,
        "params": head.params,
        "turns": replay.num_turns,
        "outcome": replay.outcome or "open",
        "digest": end.digest if end else "",
        "complete": replay.is_complete,
        "can_verify": replay.same_rules,
        "policies": dict(replay.policies),
        "marks": {str(turn): name for turn, name in replay.marks.items()},
        "events": end.tallies if end else {},
        "parent": f"{head.parent.name} at turn {head.parent.turn}" if head.parent else "",
    }
    if as_json:
        show.emit(facts)
        return
    out = show.console()
    for key, value in facts.items():
        if isinstance(value, dict):
            value = ", ".join(f"{name}: {item}" for name, item in value.items())
        if value != "":
            out.print(f"{key.replace('_', ' '):<11} {value}", soft_wrap=True)


@app.command()
def verify(file: FILE, as_json: JSON = False) -> None:
    """Play a replay's actions again. Exit 1 if it is incomplete or differs, 3 if other rules played it."""
    from pursuit.cli import show
    from pursuit.play.verify import verify as verified

    replay = _open(file, quiet=True)
    verdict = verified(replay)
    if as_json:
        difference = verdict.difference
        show.emit(
            {
                "file": str(file),
                "status": "good" if verdict.is_good else replay.badge if verdict.can_verify else "watch only",
                "turns": verdict.turns,
                "notice": verdict.notice,
                "difference": difference and _as_json(difference),
            }
        )
    elif verdict.difference is not None:
        print(f"{file}: diverged: {verdict.difference}")
    elif verdict.notice:
        print(f"{file}: {'incomplete' if verdict.can_verify else 'watch only'}: {verdict.notice}")
    else:
        print(f"{file}: verified, {verdict.turns} turns")
    raise typer.Exit(0 if verdict.is_good else 1 if verdict.can_verify else 3)


@app.command()
def diff(one: FILE, other: Annotated[Path, typer.Argument(metavar="OTHER")], as_json: JSON = False) -> None:
    """The first place where two replays differ. Exit 1 if they do."""
    from pursuit.cli import show
    from pursuit.play.verify import first_difference

    difference = first_difference(_open(one, quiet=as_json), _open(other, quiet=as_json))
    if as_json:
        show.emit({"files": [str(one), str(other)], "difference": difference and _as_json(difference)})
    elif difference is None:
        print("no difference")
    else:
        who = f", {difference.agent}" if difference.agent else ""
        print(f"turn {difference.turn}{who}: {difference.column}")
        print(f"  {difference.expected} in {one}")
        print(f"  {difference.got} in {other}")
    raise typer.Exit(0 if difference is None else 1)


@app.command()
def render(
    file: FILE,
    out: Annotated[Path, typer.Option("--out", "-o", help="A picture (.png), a clip (.gif, .mp4) or a page (.html).")],
    turn: Annotated[int | None, typer.Option(min=0, help="The turn of a picture. Default: the last.")] = None,
    turns: Annotated[
        str | None, typer.Option("--range", metavar="A:B", help="The turns of a clip. Default: all of them.")
    ] = None,
    follow: Annotated[bool, typer.Option("--follow", help="The chase from near, not the whole board.")] = False,
    light: Annotated[bool, typer.Option("--light", help="On a light ground.")] = False,
    eyes: Annotated[str | None, typer.Option(metavar="AGENT", help="Only what this agent's mind knows.")] = None,
    size: Annotated[str, typer.Option(metavar="WxH", help="Pixels of a picture or clip.")] = "1280x800",
    speed: Annotated[float, typer.Option(help="Of a clip; 1 is two turns a second.")] = 1.0,
    hold: Annotated[float, typer.Option(help="Seconds that a clip rests on each fight and end.")] = 0.0,
) -> None:
    """Draw a turn, a clip, or a page that plays the replay in any browser; needs no display."""
    from pursuit.cli import show
    from pursuit.content.files.problems import did_you_mean, fail

    replay = _open(file)
    span = _span(turns)
    if span and turn is not None:
        raise typer.BadParameter("choose one of --turn and --range")
    from pursuit.viewer.export import render as draw
    from pursuit.viewer.frame import Lens, View

    view = View()
    if eyes is not None:
        names = replay.world.agent_name
        if eyes not in names:
            raise fail("unknown-agent", f"'{eyes}' is not in the cast{did_you_mean(eyes, names)}", str(file))
        view = View(names.index(eyes), Lens.SEEN)
    _settle(replay)
    theme = "light" if light else "dark"
    with show.progress(out.name) as on_picture:
        draw(
            replay,
            out,
            turn,
            span,
            _pixels(size),
            view=view,
            theme=theme,
            follow=follow,
            speed=speed,
            hold=hold,
            on_picture=on_picture,
        )
    print(f"written: {out}")


@app.command()
def fork(
    file: FILE,
    turn: Annotated[int, typer.Option(min=0, help="The turn to play on from.")],
    policy: Annotated[list[str] | None, typer.Option("--policy", metavar="WHO=POLICY", help="Who chooses now.")] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="Another luck from there on. Default: the replay's.")] = None,
    episodes: Annotated[int | None, typer.Option(min=1, help="How it ends so many times, each with its seed.")] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Where the new replay goes.")] = None,
    as_json: JSON = False,
) -> None:
    """Play on from a turn of a replay, with chosen policies: once, or many times to see what might have been."""
    if episodes is not None:
        if out is not None:
            raise typer.BadParameter("many episodes write no replay: leave --out or --episodes out")
        _fork_many(_open(file, quiet=as_json), turn, policy or [], seed, episodes, as_json=as_json)
        return
    from pursuit.cli import show
    from pursuit.play.fork import fork as play_on
    from pursuit.play.story import told

    replay = _open(file)
    path = out or file.with_name(
        f"{file.name.removesuffix('.gz').removesuffix('.chase.jsonl')}-from-{turn}.chase.jsonl"
    )
    console = show.console()

    def tell(played: int, events: list[Event]) -> None:
        if not as_json:
            show.tell(console, turn + played, told(replay.world, events))

    result = play_on(replay, turn, policy or [], path, tell, seed)
    if as_json:
        outcome, turns = next(iter(result.outcomes())), turn + int(result.turns[0])
        show.emit({"file": str(file), "turn": turn, "outcome": outcome, "turns": turns, "replay": str(path)})
        return
    console.print(f"replay: {path}")
    outcome = next(iter(result.outcomes())).replace("_", " ")
    console.print(f"{outcome} after {turn + int(result.turns[0])} turns", style="bold")


def _fork_many(
    replay: Replay, turn: int, policies: list[str], seed: int | None, episodes: int, *, as_json: bool
) -> None:
    """How it ends from a turn on, beside how it did."""
    from pursuit.cli import show
    from pursuit.play.fork import onward
    from pursuit.play.seeds import episode_seeds

    result = onward(replay, turn, policies, episode_seeds(replay.seed if seed is None else seed, episodes))
    outcomes, score = result.outcomes(), result.mean_score()
    if as_json:
        show.emit(
            {
                "file": str(replay.path),
                "turn": turn,
                "episodes": episodes,
                "outcomes": outcomes,
                "happened": replay.outcome or "open",
                "score": {"mean": score.value, "low": score.low, "high": score.high},
            }
        )
        return
    console = show.console()
    for name, count in outcomes.items():
        mark = "  (as it happened)" if name == (replay.outcome or "open") else ""
        console.print(f"{name.replace('_', ' '):<22} {count:>6}  {count / episodes:6.1%}{mark}")
    console.print(f"hunter's score {score.value:.3f} (95 % {score.low:.3f} to {score.high:.3f})", style="bold")


def _span(turns: str | None) -> tuple[int, int] | None:
    """``A:B`` as two turns. Raises ContentError."""
    from pursuit.content.files.problems import fail

    if turns is None:
        return None
    first, colon, last = turns.partition(":")
    if not (colon and first.isdecimal() and last.isdecimal()):
        raise fail("range-option", f"{turns!r}: write A:B, such as 10:40")
    return int(first), int(last)


def _pixels(size: str) -> tuple[int, int]:
    """``WxH`` as two numbers. Raises ContentError."""
    from pursuit.content.files.problems import fail

    wide, by, tall = size.partition("x")
    if not (by and wide.isdecimal() and tall.isdecimal() and len(wide) < 6 and len(tall) < 6):
        raise fail("size-option", f"{size!r}: write WIDTHxHEIGHT in pixels, such as 1280x800")
    return int(wide), int(tall)


def _open(file: Path, *, quiet: bool = False) -> Replay:
    from pursuit.cli import show
    from pursuit.play.replay import open_replay

    replay = open_replay(file)
    if replay.notice and not quiet:
        show.note(f"{file}: {replay.notice}")
    return replay


def _as_json(difference: Difference) -> dict[str, str | int]:
    return {"turn": difference.turn, **{part: getattr(difference, part) for part in _PARTS}}


_PARTS = ("column", "agent", "expected", "got")


def _settle(replay: Replay) -> None:
    """Find out what badge a replay deserves, if that is quick."""
    from pursuit.play.verify import verify as verified

    if replay.same_rules and replay.num_turns <= VERIFY_AT_ONCE:
        verified(replay)


def _tell(replay: Replay, *, full: bool) -> None:
    from pursuit.cli import show
    from pursuit.play.story import told

    out = show.console()
    out.print(f"{replay.head.title}, seed {replay.seed}", style="bold")
    for turn in range(replay.num_turns + 1):
        events = replay.events(turn)
        show.tell(out, turn, events if full else told(replay.world, events))
    out.print(f"{(replay.outcome or 'open').replace('_', ' ')} after {replay.num_turns} turns", style="bold")
