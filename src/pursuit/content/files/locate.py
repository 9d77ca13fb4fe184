"""Where maps and scenarios lie: in a wheel, in an editable install, in a plain source tree."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, TypeAlias

import pursuit
from pursuit.content.files.problems import ContentError, did_you_mean, fail

Kind: TypeAlias = Literal["maps", "scenarios"]

_SUFFIX = ".toml"
_ENDINGS: dict[Kind, tuple[str, ...]] = {"maps": (_SUFFIX, ".city.json.gz"), "scenarios": (_SUFFIX,)}


def folder(kind: Kind) -> Path:
    """The folder of the shipped maps or scenarios. Raises ContentError if the installation lacks it."""
    package = Path(pursuit.__file__).resolve().parent
    # A source tree first: there the files lie beside src/, and a stale copy in the package must not win.
    tree = package.parent.parent
    candidates = [tree / kind] if (tree / "pyproject.toml").is_file() else []
    candidates.append(package / "data" / kind)
    for candidate in candidates:
        if candidate.is_dir():
            return candidate
    raise fail("missing-content", f"this installation has no {kind} (looked in {candidates[-1]})")


def names(kind: Kind) -> tuple[str, ...]:
    """The shipped maps or scenarios by name, sorted; none if the installation lacks them."""
    try:
        where = folder(kind)
    except ContentError:
        return ()
    return tuple(
        sorted(path.name.removesuffix(ending) for ending in _ENDINGS[kind] for path in where.glob(f"*{ending}"))
    )


def find(kind: Kind, name: str | Path, *, beside: Path | None = None) -> Path:
    """The file of a map or scenario, given by name or by path.

    A path ends in ``.toml`` or has a folder in it. ``beside`` is a folder to look in first: a scenario of one's own
    may name a map that lies next to it. Raises ContentError with the nearest name and the list of all.
    """
    text = str(name)
    if isinstance(name, Path) or text.endswith(_SUFFIX) or "/" in text or "\\" in text:
        path = Path(name)
        choices = [path] if beside is None or path.is_absolute() else [beside / path, path]
        for choice in choices:
            if choice.is_file():
                return choice
        if any(choice.is_dir() for choice in choices):
            raise fail("unreadable-file", "is a directory", text)
        raise fail("missing-file", f"no such file{_shipped(kind, text)}", text)
    if beside is not None and (beside / f"{text}{_SUFFIX}").is_file():
        return beside / f"{text}{_SUFFIX}"
    known = names(kind)
    if text in known:
        files = [folder(kind) / f"{text}{ending}" for ending in _ENDINGS[kind]]
        return next(path for path in files if path.is_file())
    singular = kind.removesuffix("s")
    hint = did_you_mean(text, known)
    listed = f"known: {', '.join(known)}" if known else f"there are no {kind} here"
    raise fail(f"unknown-{singular}", f"{text!r} is not a {singular}{hint or ';'} {listed}")


def _shipped(kind: Kind, text: str) -> str:
    """What to write for a shipped file that was given by its file name."""
    stem = text.removesuffix(_SUFFIX)
    return f"; did you mean {stem!r}?" if stem in names(kind) else ""
