"""Attributes as text, read without trusting them: numbers, lists, lines, speeds.

Nothing is ever evaluated. A list may be a Python literal of plain values and nothing else.
"""

from __future__ import annotations

import ast
import re

MOST_TEXT = 200_000  # characters of one attribute; a street of ten thousand bends fits
_MOST_LIST = 10_000
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?")
_LINE = re.compile(r"LINESTRING\s*\(([^()]*)\)", re.IGNORECASE)
_SPEED = re.compile(r"(\d{1,3}(?:\.\d+)?)\s*(km/h|kmh|kph|mph|knots)?", re.IGNORECASE)
_KPH = {"mph": 1.609344, "knots": 1.852}

Line = list[tuple[float, float]]


def number(value: object) -> float:
    """A finite number. Raises ValueError with what it is instead."""
    text = str(value).strip()
    found = float(text) if len(text) < 60 and _NUMBER.fullmatch(text) else None
    if found is None or not -1e15 < found < 1e15:
        raise ValueError(f"{_short(text)} is not a number")
    return found


def several(value: object) -> list[str]:
    """The texts of an attribute: one, or those of a list that was written as text; none of an empty one.

    Raises ValueError for what begins as a list and is no plain one.
    """
    text = "" if value is None else str(value).strip()
    if not text.startswith("["):
        return [text] if text and text.lower() not in ("none", "nan") else []
    if len(text) > _MOST_LIST:
        raise ValueError(f"a list of {len(text):,} characters is too long")
    try:
        found = ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
        raise ValueError(f"{_short(text)} is not a list of plain values") from None
    if not isinstance(found, list) or not all(isinstance(part, str | int | float) for part in found):
        raise ValueError(f"{_short(text)} is not a list of plain values")
    return [str(part) for part in found]


def line(value: object) -> Line:
    """The points of a WKT ``LINESTRING``. Raises ValueError for anything else."""
    text = str(value).strip()
    if len(text) > MOST_TEXT:
        raise ValueError(f"a line of {len(text):,} characters is too long")
    match = _LINE.fullmatch(text)
    if match is None:
        raise ValueError(f"{_short(text)} is not a LINESTRING")
    points = []
    for pair in match[1].split(","):
        parts = pair.split()
        if len(parts) not in (2, 3):  # a height is allowed and left out
            raise ValueError(f"{_short(pair.strip())} is not a point of a LINESTRING")
        points.append((number(parts[0]), number(parts[1])))
    if len(points) < 2:
        raise ValueError("a LINESTRING needs at least two points")
    return points


def flag(value: object) -> bool:
    """Whether an attribute says yes."""
    return str(value).strip().lower() in ("true", "yes", "1", "-1")


def speed(value: object) -> float | None:
    """Kilometers an hour of a ``maxspeed``, the mean of a list; None where it names no speed (``signals``)."""
    found = []
    for text in several(value):
        match = _SPEED.fullmatch(text.strip())
        if match is not None and 0 < float(match[1]) < 400:
            found.append(float(match[1]) * _KPH.get((match[2] or "").lower(), 1.0))
    return sum(found) / len(found) if found else None


def _short(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:37] + "...")
