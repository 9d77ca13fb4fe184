"""A report as one page that needs nothing else: no network, no other file."""

from __future__ import annotations

from html import escape

from pursuit.play.result import Estimate
from pursuit.tournament.report.drawing import chart, heat, interval, span
from pursuit.tournament.report.tables import Cell, Report, Showpiece, Table, text
from pursuit.tournament.report.write import told

_HEATED = ("payoff", "matrix")

_STYLE = """
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #fff; --soft: #6b7280; --rule: #d7dbe0; --line: #0072b2 }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e8eb; --paper: #14171a; --soft: #9aa3ad; --rule: #343a40; --line: #56b4e9 }
}
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); margin: 2rem auto;
  max-width: 75rem; padding: 0 1rem }
h1 { font-size: 1.5rem; overflow-wrap: anywhere } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem }
p.note { color: var(--soft); font-size: .9rem; margin: .4rem 0 }
.scroll { overflow-x: auto }
table { border-collapse: collapse; font-variant-numeric: tabular-nums }
th, td { padding: .25rem .7rem; border-bottom: 1px solid var(--rule); text-align: right; white-space: nowrap }
th.key, td.key { text-align: left }
th button { font: inherit; font-weight: 600; color: inherit; background: none; border: 0; padding: 0; cursor: pointer }
th button:hover, th button:focus-visible { text-decoration: underline }
th[aria-sort=ascending] button::after { content: " ▲" } th[aria-sort=descending] button::after { content: " ▼" }
svg.interval { vertical-align: middle; margin-left: .5rem }
svg.interval line { stroke: var(--line); stroke-width: 2 } svg.interval circle { fill: var(--line) }
figure { margin: 1rem 0; max-width: 44rem } figcaption { font-weight: 600 }
svg.chart { width: 100%; height: auto; font-size: 11px } svg.chart text { fill: var(--soft) }
.grid { stroke: var(--rule) } .level { stroke: var(--ink); stroke-dasharray: 3 3 }
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; font-size: .85rem }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(24rem, 1fr)); gap: 0 2rem }
li { margin: .4rem 0 } code { font-size: .85rem; overflow-wrap: anywhere }
button.copy { font-size: .8rem; margin-left: .4rem }
"""

_SCRIPT = """
// Tables sort by the column whose head is pressed: numbers by value, the rest by text.
for (const button of document.querySelectorAll("th button")) button.addEventListener("click", () => {
  const head = button.parentElement, row = head.parentElement, body = head.closest("table").tBodies[0];
  const column = [...row.children].indexOf(head), up = head.getAttribute("aria-sort") === "descending";
  for (const other of row.children) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", up ? "ascending" : "descending");
  const key = line => line.children[column].dataset.value ?? line.children[column].textContent;
  const compare = (a, b) => { const x = Number(key(a)), y = Number(key(b));
    return Number.isNaN(x) || Number.isNaN(y) ? key(a).localeCompare(key(b)) : x - y; };
  const lines = [...body.rows].sort(compare);
  body.append(...(up ? lines : lines.reverse()));
});
for (const button of document.querySelectorAll("button.copy")) button.addEventListener("click", () => {
  navigator.clipboard?.writeText(button.previousElementSibling.textContent);
  button.textContent = "copied";
});
"""


def as_html(report: Report) -> str:
    """The page: facts, tables with intervals, matrices with heat, curves, and games with their commands."""
    parts = [f"<h1>{escape(report.title)}</h1><p>{escape(told(report))}</p>"]
    parts += [_table(table) for table in report.tables]
    if report.charts:
        parts.append(f'<h2>Curves</h2><div class="charts">{"".join(map(chart, report.charts))}</div>')
    if report.showpieces:
        parts.append(f"<h2>Games to see</h2><ul>{''.join(map(_piece, report.showpieces))}</ul>")
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(report.title)}</title><style>{_STYLE}</style></head>\n"
        f"<body>{''.join(parts)}<script>{_SCRIPT}</script></body></html>\n"
    )


def _table(table: Table) -> str:
    heads = "".join(
        f'<th scope="col"{_key(at, table)}><button>{escape(column.name)}</button></th>'
        for at, column in enumerate(table.columns)
    )
    columns = [[row[at] for row in table.rows] for at in range(len(table.columns))]
    spans = [span([cell for cell in column if isinstance(cell, Estimate)]) for column in columns]
    lines = []
    for row in table.rows:
        cells = []
        for at, cell in enumerate(row):
            shown = _shown(cell, table.columns[at].digits, spans[at])
            cells.append(f"<td{_key(at, table)}{_value(cell)}{_heat(cell, at, table)}>{shown}</td>")
        lines.append(f"<tr>{''.join(cells)}</tr>")
    note = f'<p class="note">{escape(table.note)}</p>' if table.note else ""
    return (
        f'<section id="{table.name}"><h2>{escape(table.title)}</h2>{note}<div class="scroll"><table>'
        f"<thead><tr>{heads}</tr></thead><tbody>{''.join(lines)}</tbody></table></div></section>\n"
    )


def _key(at: int, table: Table) -> str:
    return ' class="key"' if at < table.keys else ""


def _value(cell: Cell) -> str:
    """What a cell is sorted by, where that is a number."""
    number = cell.value if isinstance(cell, Estimate) else cell
    if isinstance(number, float):  # the page's language writes infinity in its own way
        return f' data-value="{str(number).replace("inf", "Infinity")}"'
    return f' data-value="{number}"' if isinstance(number, int) else ""


def _heat(cell: Cell, at: int, table: Table) -> str:
    return f' style="{heat(cell)}"' if table.name in _HEATED and isinstance(cell, float) and at else ""


def _shown(cell: Cell, digits: int, bounds: tuple[float, float] | None) -> str:
    shown = escape(text(cell, digits))
    return shown + interval(cell, *bounds) if isinstance(cell, Estimate) and bounds else shown


def _piece(piece: Showpiece) -> str:
    told = f"{piece.why}: {piece.outcome.replace('_', ' ')} after {piece.turns} turns on {piece.venue}"
    return f'<li>{escape(told)}<br><code>{escape(piece.command)}</code><button class="copy">copy</button></li>'
