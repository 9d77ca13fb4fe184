"""One TOML file, and everything that is wrong with it, by line and column.

A loader reads a :class:`Source`, reports each problem it finds with the key path it belongs to, and calls
``source.check()`` once: the user sees all problems of the file together.

>>> source = Source.parse('on = "sigthed"', name="demo.toml")
>>> source.unknown("trigger", "sigthed", ["sighted", "heard"], ("on",))
>>> print(source.problems[0])
demo.toml:1:6: error[unknown-trigger]: 'sigthed' is not a trigger; did you mean 'sighted'?
    on = "sigthed"
         ^
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from pursuit.content.files.positions import KeyPath, Positions
from pursuit.content.files.problems import ContentError, Problem, Severity, did_you_mean, fail, nearest
from pursuit.content.files.validation import explain

__all__ = ["ContentError", "Problem", "Source", "did_you_mean", "fail", "nearest"]

M = TypeVar("M", bound=BaseModel)

_TOMLLIB_PLACE = re.compile(r"^(?P<message>.*) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$")


@dataclass
class Source:
    """The text and data of one TOML file, with the problems found in it so far."""

    name: str  # as messages show it
    text: str
    data: dict[str, Any]
    positions: Positions = field(repr=False)
    path: Path | None = None
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    @classmethod
    def read(cls, path: str | Path) -> Source:
        """Read a file. Raises ContentError if it is missing, not UTF-8 or not TOML."""
        path = Path(path)
        try:
            raw = path.read_bytes()
        except FileNotFoundError:
            raise fail("missing-file", "no such file", str(path)) from None
        except OSError as error:
            raise fail("unreadable-file", (error.strerror or "cannot be read").lower(), str(path)) from None
        try:
            text = raw.decode("utf-8-sig")  # some editors put a byte order mark first
        except UnicodeDecodeError as error:
            line = raw.count(b"\n", 0, error.start) + 1
            column = error.start - raw.rfind(b"\n", 0, error.start)
            bad = f"byte 0x{raw[error.start]:02x} is not UTF-8"
            excerpt = raw.split(b"\n")[line - 1].decode("utf-8", "replace").rstrip("\r")
            problem = Problem("not-utf-8", bad, (), path.name, line, column, excerpt)
            raise ContentError([problem]) from None
        source = cls.parse(text, path.name)
        source.path = path
        return source

    @classmethod
    def parse(cls, text: str, name: str = "<text>") -> Source:
        """Parse TOML text. Raises ContentError with the position of a syntax error."""
        text = text.replace("\r\n", "\n")
        try:
            data = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise ContentError([_syntax_problem(str(error), text, name)]) from None
        return cls(name, text, data, Positions(text))

    def where(self, path: KeyPath, *, key: bool = False) -> tuple[int, int]:
        """Line and column of the value at ``path`` (or of its key), else of the nearest enclosing one."""
        return self.positions.find(tuple(path), key=key)

    def error(self, code: str, message: str, path: KeyPath = (), *, key: bool = False) -> None:
        """Note a problem with the value at ``path``, or with the key itself."""
        self.problems.append(self._problem(code, message, path, key, "error"))

    def warn(self, code: str, message: str, path: KeyPath = (), *, key: bool = False) -> None:
        """Note something that is allowed but probably not meant."""
        self.warnings.append(self._problem(code, message, path, key, "warning"))

    def unknown(self, what: str, name: str, known: Iterable[str], path: KeyPath = ()) -> None:
        """Note that ``name`` is not a ``what`` ("trigger", "place"); suggests the nearest known one."""
        article = "an" if what[0] in "aeiou" else "a"
        message = f"{name!r} is not {article} {what}{did_you_mean(name, known)}"
        self.error(f"unknown-{what.replace(' ', '-')}", message, path)

    def validate(self, model: type[M]) -> M | None:
        """The data as a pydantic model, or None with every one of its errors noted."""
        try:
            return model.model_validate(self.data)
        except ValidationError as error:
            for code, message, path, is_key in explain(error, model, self.data):
                self.error(code, message, path, key=is_key)
            return None

    def check(self) -> None:
        """Raise one ContentError with all problems noted so far, if there are any."""
        if self.problems:
            unique = dict.fromkeys(self.problems)
            raise ContentError(sorted(unique, key=lambda problem: (problem.line, problem.column)))

    def _problem(self, code: str, message: str, path: KeyPath, key: bool, severity: Severity) -> Problem:
        line, column = self.where(path, key=key)
        excerpt = self.positions.lines[line - 1]
        return Problem(code, message, tuple(path), self.name, line, column, excerpt, severity)


def _syntax_problem(message: str, text: str, name: str) -> Problem:
    """tomllib says where it stopped at the end of its message; put that in front like everybody else."""
    lines = text.split("\n")
    match = _TOMLLIB_PLACE.match(message)
    if match is None:
        return Problem("toml-syntax", message, (), name)
    line = int(match["line"] or len(lines))
    column = int(match["column"] or len(lines[-1]) + 1)
    said = match["message"]
    return Problem("toml-syntax", said[:1].lower() + said[1:], (), name, line, column, lines[line - 1])
