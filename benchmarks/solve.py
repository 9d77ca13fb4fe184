"""How fast games are solved: all capture times, and the memory it takes.

    python benchmarks/solve.py [--quick] [--json] [BOARD/PURSUERS ...]

Each game is solved in a process of its own, on one core, so that the peak is its own. The checksum covers the number of
states won within each number of turns.
"""

from __future__ import annotations

import argparse
import json
import platform
import resource
import subprocess
import sys
import time
import zlib
from typing import Any

import numpy as np

from pursuit.content.maps import load_map
from pursuit.solve.game import graph_of, table_bytes
from pursuit.solve.retrograde import solve

QUICK = ("streets:15x17:0.22:1/2", "streets:20x25:0.2:1/2", "grid:10x10/3")
ALL = (*QUICK, "grid:20x20/2", "streets:32x39:0.2:1/2")
PUBLISHED = """elsewhere, two pursuers, alternating, all capture times:
  published dynamic program (R2PS, desktop i9)   744 nodes 6 s; 1,251 nodes 33 s; 2,065 nodes 139 s
  a plain C work-list                            about 200 nodes 0.4 to 1.1 s; 620 nodes 36 s
  numpy on bits, a study                         199 nodes 0.21 s; 399 nodes 1.0 s; 992 nodes 17.8 s in 1.5 GiB
  ggames                                         25 nodes 2.9 s"""


def measure(game: str, repeats: int) -> dict[str, Any]:
    """Solve one game here, and say what it took. Of several runs the fastest counts."""
    name, _, pursuers = game.partition("/")
    graph = graph_of(load_map(name))
    seconds, processor = [], []
    for _ in range(repeats):
        begun, spent = time.perf_counter(), time.process_time()
        table = solve(graph, int(pursuers))
        seconds.append(time.perf_counter() - begun)
        processor.append(time.process_time() - spent)
    summary = table.summary
    return {
        "board": name,
        "pursuers": int(pursuers),
        "nodes": graph.num_nodes,
        "edges": graph.num_edges,
        "turns": summary.max,
        "mean": round(summary.mean, 4),
        "states": summary.states,
        "seconds": round(min(seconds), 3),
        "cpu_seconds": round(min(processor), 3),
        "foreseen_mib": round(table_bytes(graph.num_nodes, int(pursuers)) / (1 << 20)),
        "peak_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 10)),
        "checksum": f"{zlib.crc32(str(table.tally).encode()):08x}",
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("games", nargs="*", metavar="BOARD/PURSUERS", help="instead of the usual ones")
    parser.add_argument("--quick", action="store_true", help="the smaller games only")
    parser.add_argument("--json", action="store_true", help="one object on standard output")
    parser.add_argument("--alone", metavar="BOARD/PURSUERS", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.alone:
        print(json.dumps(measure(options.alone, 3 if options.quick else 1)))
        return
    rows = []
    for game in options.games or (QUICK if options.quick else ALL):
        again = ["--quick"] if options.quick else []
        run = subprocess.run(
            [sys.executable, __file__, "--alone", game, *again], check=True, stdout=subprocess.PIPE, text=True
        )
        rows.append(json.loads(run.stdout))
        if not options.json:
            row = rows[-1]
            played = f"{row['board']:24}{row['pursuers']} pursuers {row['nodes']:6,} nodes {row['turns']:4} turns"
            took = f"{row['seconds']:8.3f} s ({row['cpu_seconds']:.3f} of processor) {row['peak_mib']:6,} MiB"
            print(f"{played} {took}  checksum {row['checksum']}", flush=True)
    report = {
        "benchmark": "solve",
        "rate": round(sum(row["states"] for row in rows) / sum(row["seconds"] for row in rows)),
        "unit": "states a second",
        "checksum": f"{zlib.crc32(' '.join(row['checksum'] for row in rows).encode()):08x}",
        "python": platform.python_version(),
        "numpy": np.__version__,
        "games": rows,
    }
    if options.json:
        print(json.dumps(report))
        return
    print(f"rate {report['rate']:,} {report['unit']}, checksum {report['checksum']}")
    print(PUBLISHED)


if __name__ == "__main__":
    main()
