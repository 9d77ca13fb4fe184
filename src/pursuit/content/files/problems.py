"""What is wrong with a file, ready to print; and what was probably meant."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from pursuit.content.files.positions import KeyPath

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong, ready to print. Lines and columns count from 1; 0 means that there is no position."""

    code: str  # kebab-case, stable: tests and editors go by it
    message: str
    path: KeyPath = ()
    file: str = ""
    line: int = 0
    column: int = 0
    excerpt: str = ""  # the source line
    severity: Severity = "error"

    def __str__(self) -> str:
        place = ":".join([self.file, *(str(part) for part in (self.line, self.column) if part)])
        head = f"{place}: " if place else ""
        text = f"{head}{self.severity}[{self.code}]: {self.message}"
        if not self.line:
            return text
        # Tabs stay tabs, so that the caret stands under its column.
        lead = "".join("\t" if char == "\t" else " " for char in self.excerpt[: self.column - 1])
        return f"{text}\n    {self.excerpt}\n    {lead}^"


class ContentError(ValueError):
    """A file, or a name of one, that cannot be used. Carries every problem found, in the order of the file."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(tuple(problems))  # args rebuild the error in another process
        self.problems: tuple[Problem, ...] = tuple(problems)

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


def fail(code: str, message: str, file: str = "") -> ContentError:
    """The error for a problem that has no place in a file."""
    return ContentError([Problem(code, message, file=file)])


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that looks most like ``name``, or None if none comes near."""
    choices = list(known)
    folded = {choice.casefold(): choice for choice in reversed(choices)}
    close = get_close_matches(name.casefold(), folded, n=1, cutoff=0.6)
    return folded[close[0]] if close else None


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """``"; did you mean 'sighted'?"``, or the empty string."""
    close = nearest(name, known)
    return f"; did you mean {close!r}?" if close else ""
