"""Pictures of numbers as SVG, drawn into the page itself: intervals, heat, curves."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from math import isfinite

from pursuit.play.result import Estimate
from pursuit.tournament.report.tables import Chart

PALETTE = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#f0e442")
"""Okabe and Ito's colors, which all can tell apart; lines differ in their dashes as well."""

_DASHES = ("", "6 3", "2 3", "8 3 2 3")
_WIDTH, _HEIGHT, _LEFT, _BOTTOM = 640, 300, 56, 36


def span(estimates: Sequence[Estimate]) -> tuple[float, float] | None:
    """The range that shows all bounds that are finite, or None if there is nothing to show."""
    bounds = [bound for found in estimates for bound in (found.low, found.high, found.value) if isfinite(bound)]
    return (min(bounds), max(bounds)) if bounds and max(bounds) > min(bounds) else None


def interval(found: Estimate, low: float, high: float) -> str:
    """An estimate as a dot on its interval, between the bounds of its column."""

    def x(value: float) -> float:
        return round(3 + 84 * (min(max(value, low), high) - low) / (high - low), 1)

    line = f'<line x1="{x(found.low)}" x2="{x(found.high)}" y1="5" y2="5"/>'
    dot = f'<circle cx="{x(found.value)}" cy="5" r="3"/>'
    return f'<svg class="interval" width="90" height="10" aria-hidden="true">{line}{dot}</svg>'


def heat(share: float) -> str:
    """A background for a score: blue from 1/2 up, orange from 1/2 down."""
    strength = min(1.0, abs(share - 0.5) * 2)
    color = "0, 114, 178" if share >= 0.5 else "230, 159, 0"
    return f"background: rgba({color}, {0.65 * strength:.2f})"


def chart(drawn: Chart) -> str:
    """Some curves over one axis, with a legend."""
    xs = [x for curve in drawn.curves for x in curve.x]
    ys = [y for curve in drawn.curves for y in curve.y] + list(drawn.levels)
    right, low, high = max(xs, default=1) or 1, min([0.0, *ys]), max(ys, default=1) or 1

    def place(x: float, y: float) -> tuple[float, float]:
        across = _LEFT + (_WIDTH - _LEFT - 8) * x / right
        return round(across, 1), round(8 + (_HEIGHT - _BOTTOM - 8) * (high - y) / (high - low), 1)

    parts = [f'<svg class="chart" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escape(drawn.title)}">']
    for at in range(5):
        value = low + (high - low) * at / 4
        _, y = place(0, value)
        parts.append(f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - 8}" y1="{y}" y2="{y}"/>')
        parts.append(f'<text x="{_LEFT - 6}" y="{y + 4}" text-anchor="end">{value:.2f}</text>')
        x, _ = place(right * at / 4, low)
        parts.append(f'<text x="{x}" y="{_HEIGHT - 18}" text-anchor="middle">{right * at / 4:,.0f}</text>')
    for level in drawn.levels:
        _, y = place(0, level)
        parts.append(f'<line class="level" x1="{_LEFT}" x2="{_WIDTH - 8}" y1="{y}" y2="{y}"/>')
    legend = []
    for at, curve in enumerate(drawn.curves):
        color, dash = PALETTE[at % len(PALETTE)], _DASHES[at % len(_DASHES)]
        points = " ".join(",".join(map(str, place(x, y))) for x, y in zip(curve.x, curve.y, strict=True))
        parts.append(
            f'<polyline points="{points}" fill="none" stroke="{color}" stroke-width="2" stroke-dasharray="{dash}"/>'
        )
        line = f'<line x1="0" x2="28" y1="6" y2="6" stroke="{color}" stroke-width="2" stroke-dasharray="{dash}"/>'
        legend.append(f'<span><svg width="28" height="12">{line}</svg> {escape(curve.name)}</span>')
    parts.append(
        f'<text x="{(_LEFT + _WIDTH) / 2}" y="{_HEIGHT - 2}" text-anchor="middle">{escape(drawn.x)}</text></svg>'
    )
    caption = f"<figcaption>{escape(drawn.title)} ({escape(drawn.y)})</figcaption>"
    return f'<figure>{caption}{"".join(parts)}<div class="legend">{"".join(legend)}</div></figure>'
