"""How fast distance tables are built, next to scipy, and to igraph and rustworkx where they are installed.

    python benchmarks/distance.py [--quick] [--json]

Rates are all-pairs distance tables a second; ratios are to scipy's ``csgraph.dijkstra(unweighted=True)`` on the same
graph in the same run, above 1 is faster. Everybody's distances are checked against everybody else's. Fields are
the distances to 64 goals on a board of 99,840 nodes, which is too large for tables. Peak memory is that of the process
after fields and the largest tables, before anybody else's.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
import zlib
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.content.maps import load_map
from pursuit.core.board import Board, Mode
from pursuit.core.distance import Ways
from pursuit.core.fields import FieldWays
from pursuit.core.wavefront import all_pairs, pave

Table = NDArray[Any]


def fastest(run: Callable[[], Any], seconds: float) -> tuple[float, Any]:
    """The shortest time of a call within about ``seconds``, at least two calls, and its result."""
    best, spent, calls, result = np.inf, 0.0, 0, None
    while calls < 2 or spent < seconds:
        begin = time.perf_counter()
        result = run()
        took = time.perf_counter() - begin
        best, spent, calls = min(best, took), spent + took, calls + 1
    return best, result


def rivals(usable: NDArray[np.bool_], board: Board) -> dict[str, Callable[[], Table]]:
    """All-pairs distances ``[start, goal]`` by other libraries, those that can be imported."""
    node, slot = np.nonzero(usable)
    ends = board.neighbor[node, slot]
    num_nodes = board.num_nodes
    found: dict[str, Callable[[], Table]] = {}
    try:
        from scipy.sparse import csr_matrix
        from scipy.sparse.csgraph import dijkstra

        matrix = csr_matrix((np.ones(len(node)), (node, ends)), (num_nodes, num_nodes))
        found["scipy"] = lambda: dijkstra(matrix, unweighted=True)
    except ImportError:
        pass
    try:
        import igraph

        graph = igraph.Graph(num_nodes, np.stack([node, ends], axis=1).tolist(), directed=True)
        found["igraph"] = lambda: np.array(graph.distances())
    except ImportError:
        pass
    try:
        import rustworkx

        digraph = rustworkx.PyDiGraph()
        digraph.add_nodes_from(range(num_nodes))
        digraph.add_edges_from_no_data(list(zip(node.tolist(), ends.tolist(), strict=True)))
        found["rustworkx"] = lambda: rustworkx.distance_matrix(digraph, null_value=np.inf)
    except ImportError:
        pass
    return found


def measure(name: str, seconds: float) -> dict[str, Any]:
    board = load_map(name)
    usable = Ways(board).usable(Mode.FOOT, False, 0)
    alone, (distance, _) = fastest(lambda: all_pairs(pave(board.neighbor, usable), hops=False), seconds)
    both, (again, hop) = fastest(lambda: all_pairs(pave(board.neighbor, usable)), seconds)
    assert np.array_equal(distance, again)
    row: dict[str, Any] = {
        "board": name,
        "nodes": board.num_nodes,
        "longest": int(distance.max()),
        "distance_ms": round(alone * 1e3, 2),
        "distance_and_hop_ms": round(both * 1e3, 2),
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "checksum": f"{zlib.crc32(np.ascontiguousarray(hop), zlib.crc32(np.ascontiguousarray(distance))):08x}",
    }
    for rival, run in rivals(usable, board).items():
        took, theirs = fastest(run, seconds)
        theirs[np.isinf(theirs)] = np.iinfo(distance.dtype).max
        assert np.array_equal(theirs.T, distance), f"{rival} disagrees"
        row[f"{rival}_ms"] = round(took * 1e3, 2)
        row[f"times_{rival}"] = round(took / alone, 2)
        row[f"times_{rival}_with_hops"] = round(took / both, 2)
    return row


def fields(name: str, seconds: float, num_goals: int = 64) -> dict[str, Any]:
    """Fields of some goals on a large board, by `FieldWays` and by scipy."""
    board = load_map(name)
    goals = np.random.default_rng(1).choice(board.num_nodes, num_goals, replace=False)
    everywhere = np.arange(board.num_nodes)

    def ours() -> Table:
        ways = FieldWays(board)
        return ways.distance(ways.pick(Mode.FOOT, False, 0), everywhere, goals[:, None])

    took, distance = fastest(ours, seconds)
    row: dict[str, Any] = {
        "board": name,
        "nodes": board.num_nodes,
        "goals": num_goals,
        "fields_ms": round(took * 1e3, 1),
        "checksum": f"{zlib.crc32(np.ascontiguousarray(distance)):08x}",
    }
    try:
        from scipy.sparse import csr_matrix
        from scipy.sparse.csgraph import dijkstra
    except ImportError:
        return row
    node, slot = np.nonzero(FieldWays(board).usable(Mode.FOOT, False, 0))
    shape = (board.num_nodes, board.num_nodes)
    against = csr_matrix((np.ones(len(node)), (board.neighbor[node, slot], node)), shape)
    theirs_took, theirs = fastest(lambda: dijkstra(against, indices=goals, unweighted=True), seconds)
    assert np.array_equal(theirs, distance), "scipy disagrees"
    return row | {"scipy_ms": round(theirs_took * 1e3, 1), "times_scipy": round(theirs_took / took, 2)}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--quick", action="store_true", help="a few seconds")
    parser.add_argument("--json", action="store_true", help="one object on standard output")
    options = parser.parse_args()
    names = ["helsinki", "grid:63x65", "streets:40x32:0.2:7", "galleria", "grid:32x32"]  # the largest first
    large = fields("grid:320x312", 0.3 if options.quick else 6.0)
    rows = [measure(name, 0.3 if options.quick else 3.0) for name in names]
    first = rows[-1]
    report = {
        "benchmark": "distance",
        "rate": round(1e3 / first["distance_ms"], 1),
        "unit": "all-pairs distance tables a second, grid of 1,024 nodes",
        "checksum": f"{zlib.crc32(' '.join(row['checksum'] for row in [*rows, large]).encode()):08x}",
        "quick": options.quick,
        "numpy": np.__version__,
        "boards": rows,
        "fields": large,
        "peak_mib": rows[0]["peak_mib"],
    }
    if options.json:
        print(json.dumps(report))
        return
    for row in rows:
        print(f"{row['board']:22}{row['nodes']:6} nodes  checksum {row['checksum']}")
        print(f"  {'distances':24}{row['distance_ms']:10.2f} ms")
        print(f"  {'distances and next hops':24}{row['distance_and_hop_ms']:10.2f} ms")
        for rival in ("scipy", "igraph", "rustworkx"):
            if f"{rival}_ms" in row:
                alone, both = row[f"times_{rival}"], row[f"times_{rival}_with_hops"]
                print(f"  {rival:24}{row[f'{rival}_ms']:10.2f} ms   {alone:.1f} times ours, {both:.1f} with next hops")
    print(f"{large['board']:22}{large['nodes']:6} nodes  checksum {large['checksum']}")
    print(f"  {'fields of 64 goals':24}{large['fields_ms']:10.2f} ms")
    if "scipy_ms" in large:
        print(f"  {'scipy':24}{large['scipy_ms']:10.2f} ms   {large['times_scipy']:.1f} times ours")
    print(f"peak memory {report['peak_mib']} MiB")
    print(f"rate {report['rate']} {report['unit']}, checksum {report['checksum']}")


if __name__ == "__main__":
    main()
