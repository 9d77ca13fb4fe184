"""Where in a TOML text each key and value stands.

``tomllib`` forgets positions, so this scans the text once more. It runs only on text that tomllib has accepted,
and may therefore be simple: it finds its way by brackets, quotes and commas and never judges.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from typing import TypeAlias

KeyPath: TypeAlias = tuple[str | int, ...]

_BLANK = re.compile(r"(?:[ \t\n]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_BASIC = re.compile(r'"(?:[^"\\\n]|\\.)*"')
_LITERAL = re.compile(r"'[^'\n]*'")
_LONG_BASIC = re.compile(r'"""(?:[^"\\]|\\.|"{1,2}(?!"))*"{3,5}', re.DOTALL)
_LONG_LITERAL = re.compile(r"'''.*?'{3,5}", re.DOTALL)
_SCALAR = re.compile(r"[^,\]}#\n]*")


class Positions:
    """Offsets of keys and values by key path, such as ``("trigger", 3, "when", "any")``."""

    def __init__(self, text: str) -> None:
        self.lines = text.split("\n")
        self._text = text
        self._starts = [0]
        for line in self.lines[:-1]:
            self._starts.append(self._starts[-1] + len(line) + 1)
        self._keys: dict[KeyPath, int] = {}
        self._values: dict[KeyPath, int] = {}
        self._num_tables: dict[KeyPath, int] = {}  # of each array of tables, so far
        self._scanned = False

    def find(self, path: KeyPath, *, key: bool = False) -> tuple[int, int]:
        """Line and column, from 1, of the value at ``path`` or of its key; else of what encloses it."""
        if not self._scanned:  # most files have no problem to point at
            self._scanned = True
            self._scan()
        while path:
            table = self._keys if key else self._values
            offset = table.get(path, self._values.get(path, self._keys.get(path)))
            if offset is not None:
                line = bisect_right(self._starts, offset)
                return line, offset - self._starts[line - 1] + 1
            path, key = path[:-1], False
        return 1, 1

    def _scan(self) -> None:
        table: KeyPath = ()
        at = self._skip(0)
        while at < len(self._text):
            if self._text[at] == "[":
                table, at = self._header(at)
            else:
                at = self._pair(at, table)
            at = self._skip(at)

    def _skip(self, at: int) -> int:
        match = _BLANK.match(self._text, at)
        return match.end() if match else at

    def _space(self, at: int) -> int:
        match = _SPACE.match(self._text, at)
        return match.end() if match else at

    def _header(self, at: int) -> tuple[KeyPath, int]:
        """``[a.b]`` or ``[[a.b]]``; a table of an array is meant by its last element."""
        is_array = self._text.startswith("[[", at)
        names, end = self._dotted(at + (2 if is_array else 1))
        path: KeyPath = ()
        for depth, (name, offset) in enumerate(names):
            path = (*path, name)
            self._keys.setdefault(path, offset)
            is_last = depth == len(names) - 1
            if is_last and is_array:
                self._num_tables[path] = self._num_tables.get(path, 0) + 1
            if path in self._num_tables:
                path = (*path, self._num_tables[path] - 1)
            if is_last:
                self._values[path] = at
                self._keys[path] = at
        return path, end + (2 if is_array else 1)

    def _pair(self, at: int, table: KeyPath) -> int:
        """``key = value``, dotted or not; returns the offset after the value."""
        names, at = self._dotted(at)
        path = table
        for name, offset in names:
            path = (*path, name)
            self._keys.setdefault(path, offset)
        return self._value(self._space(at + 1), path)

    def _dotted(self, at: int) -> tuple[list[tuple[str, int]], int]:
        names: list[tuple[str, int]] = []
        while True:
            at = self._space(at)
            match = _BARE_KEY.match(self._text, at) or _BASIC.match(self._text, at) or _LITERAL.match(self._text, at)
            if match is None:
                return names, at
            name = match.group()
            if name[0] in "\"'":
                name = tomllib.loads(f"name = {name}")["name"]
            names.append((name, at))
            at = self._space(match.end())
            if not self._text.startswith(".", at):
                return names, at
            at += 1

    def _value(self, at: int, path: KeyPath) -> int:
        self._values[path] = at
        first = self._text[at]
        if first == "[":
            return self._array(at, path)
        if first == "{":
            return self._inline_table(at, path)
        if self._text.startswith('"""', at):
            pattern = _LONG_BASIC
        elif self._text.startswith("'''", at):
            pattern = _LONG_LITERAL
        else:
            pattern = {'"': _BASIC, "'": _LITERAL}.get(first, _SCALAR)
        match = pattern.match(self._text, at)
        return match.end() if match else at + 1

    def _array(self, at: int, path: KeyPath) -> int:
        index = 0
        at = self._skip(at + 1)
        while self._text[at] != "]":
            at = self._skip(self._value(at, (*path, index)))
            index += 1
            if self._text[at] == ",":
                at = self._skip(at + 1)
        return at + 1

    def _inline_table(self, at: int, path: KeyPath) -> int:
        at = self._skip(at + 1)
        while self._text[at] != "}":
            at = self._skip(self._pair(at, path))
            if self._text[at] == ",":
                at = self._skip(at + 1)
        return at + 1
