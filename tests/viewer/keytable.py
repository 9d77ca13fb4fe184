"""The table of keys in `docs/viewer.md`, from the table in code: `python -m tests.viewer.keytable` writes it anew."""

from __future__ import annotations

from pathlib import Path

from pursuit.viewer.keys import KEYS, MOUSE

PAGE = Path(__file__).parents[2] / "docs" / "viewer.md"
BEGIN, END = "<!-- keys: begin -->\n", "<!-- keys: end -->"


def table() -> str:
    """The table as Markdown."""
    rows = [(key.shown, key.help) for key in KEYS] + [(f"mouse: {gesture}", does) for gesture, does in MOUSE]
    return "| key | action |\n|---|---|\n" + "".join(f"| {shown} | {does} |\n" for shown, does in rows)


def parts() -> tuple[str, str, str]:
    """The page before the table, the table, and what follows."""
    before, rest = PAGE.read_text("utf-8").split(BEGIN)
    held, after = rest.split(END)
    return before + BEGIN, held, END + after


if __name__ == "__main__":
    head, _, tail = parts()
    PAGE.write_text(head + table() + tail, "utf-8")
