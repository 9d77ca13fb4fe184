"""What a file of streets holds, whatever its format, and how reading it goes wrong.

The readers (:mod:`graphml`, :mod:`osmxml`, :mod:`pbf`) make a :class:`RawGraph`; nothing in it is trusted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from pursuit.content.files.problems import ContentError, Problem, fail
from pursuit.content.osm import values

MOST_BYTES = 512 << 20
MOST_NODES = 200_000
MOST_EDGES = 1_000_000
_MOST_DEPTH = 20
_MOST_TOLD = 20


@dataclass(frozen=True, slots=True)
class RawWay:
    """One edge of the file."""

    start: str
    end: str
    tags: dict[str, str]
    line: values.Line  # from start to end, in the file's own coordinates
    length: float | None  # meters, if the file says


@dataclass(frozen=True, slots=True)
class RawGraph:
    """What a file holds."""

    at: dict[str, tuple[float, float]]  # x and y of each node
    ways: list[RawWay]
    directed: bool
    crs: str  # empty if the file does not say


@dataclass
class Notes:
    """Problems of a file, up to as many as anybody reads."""

    file: str
    problems: list[Problem] = field(default_factory=list)
    more: int = 0

    def add(self, code: str, message: str) -> None:
        if len(self.problems) < _MOST_TOLD:
            self.problems.append(Problem(code, message, file=self.file))
        else:
            self.more += 1

    def check(self) -> None:
        """Raise ContentError if there was a problem."""
        if self.more:
            self.problems.append(Problem("more-problems", f"{self.more:,} more of this sort", file=self.file))
        if self.problems:
            raise ContentError(self.problems)


def check_size(path: Path, most: int) -> None:
    """Raise ContentError for a file that is not there or larger than will be read."""
    try:
        size = path.stat().st_size
    except FileNotFoundError:
        raise fail("missing-file", "no such file", str(path)) from None
    except OSError as error:
        raise fail("unreadable-file", (error.strerror or "cannot be read").lower(), str(path)) from None
    if size > most:
        raise fail("too-large", f"{size:,} bytes; at most {most:,} are read: cut out a smaller area", path.name)


def load(path: Path) -> bytes:
    """A whole file. Raises ContentError if it is missing, too large or cannot be read."""
    check_size(path, MOST_BYTES)
    try:
        return path.read_bytes()
    except OSError as error:
        raise fail("unreadable-file", (error.strerror or "cannot be read").lower(), str(path)) from None


def walk(
    text: bytes,
    name: str,
    root: str,
    most: dict[str, int],
    on_start: Callable[[str, dict[str, str]], None] | None = None,
    on_end: Callable[[str], None] | None = None,
) -> None:
    """Walk once through XML, telling of each element, and refuse what could do harm.

    That is a document type (so no entity can be declared, and none can be blown up), deep nesting, and more elements
    of a kind than ``most`` says. ``root`` is the name of the outermost element. Raises ContentError.
    """
    depth, counts = 0, dict.fromkeys(most, 0)
    parser = expat.ParserCreate()

    def doctype(*_: object) -> None:
        raise fail("document-type", "it declares a document type or entities; take them out, nothing needs them", name)

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        tag = tag.rpartition(":")[2]
        if depth == 1 and tag != root:
            raise fail("wrong-root", f"it begins with <{tag[:40]}>, not with <{root}>: {_MEND[root]}", name)
        if depth > _MOST_DEPTH:
            raise fail("too-deep", f"elements lie in each other {depth} deep at line {parser.CurrentLineNumber}", name)
        if tag in counts:
            counts[tag] += 1
            if counts[tag] > most[tag]:
                raise fail("too-large", f"more than {most[tag]:,} {tag}s: cut out a smaller area", name)
        if on_start is not None:
            on_start(tag, attributes)

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        if on_end is not None:
            on_end(tag.rpartition(":")[2])

    parser.StartDoctypeDeclHandler = doctype
    parser.EntityDeclHandler = doctype
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    try:
        parser.Parse(text, True)
    except expat.ExpatError as error:
        what = expat.ErrorString(error.code)
        raise fail("not-xml", f"line {error.lineno}, column {error.offset + 1}: {what}", name) from None
    except (ValueError, LookupError) as error:
        if isinstance(error, ContentError):
            raise
        raise fail("not-xml", f"this is no XML that can be read: {error}", name) from None


_MEND = {"graphml": "save it with OSMnx", "osm": "an extract of OpenStreetMap does"}
