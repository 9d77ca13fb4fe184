"""``pursuit``: the commands, and what becomes of their errors."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from pursuit import __version__
from pursuit.cli import doctor, maps, policy, replay, run, scenario, solve, tournament

app = typer.Typer(
    name="pursuit",
    help="Turn-based tactical pursuit on city graphs: a shape-shifter hunts, and the others work out who is who.",
    epilog="Start with: pursuit run galleria",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("run")(run.run)
app.add_typer(scenario.app, name="scenario")
app.add_typer(maps.app, name="map")
app.add_typer(replay.app, name="replay")
app.add_typer(policy.app, name="policy")
app.add_typer(tournament.app, name="tournament")
app.command("solve")(solve.solve)
app.command("doctor")(doctor.doctor)


def _version(asked: bool) -> None:
    if asked:
        print(f"pursuit {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    del version


def main() -> None:
    """Run the command line. Exit codes: 0 fine, 1 a check failed, 2 bad input or usage, 3 an incompatible file."""
    try:
        app()
    except Exception as error:
        code = _complain(error)
        if code is None:
            raise
        sys.exit(code)


def _complain(error: Exception) -> int | None:
    """Print an error that is the user's to mend; its exit code, or None for one that is ours."""
    # Loaded by the command that failed, if it is one of these: importing them here costs nothing.
    from pursuit.content.files.problems import ContentError
    from pursuit.play.replay import NewerFormatError
    from pursuit.play.rollout import IllegalActionError
    from pursuit.sense.resolve import IntentError

    if isinstance(error, ContentError | IllegalActionError | IntentError):
        print(error, file=sys.stderr)
        return 3 if isinstance(error, NewerFormatError) else 2
    if isinstance(error, ModuleNotFoundError):
        print(f"error: {error}; `pursuit doctor` says what to install", file=sys.stderr)
        return 2
    if isinstance(error, OSError | MemoryError):
        print(f"error: {error or 'not enough memory'}", file=sys.stderr)
        return 2
    return None


if __name__ == "__main__":
    main()
