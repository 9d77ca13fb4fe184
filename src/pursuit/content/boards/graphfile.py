"""Graphs from files, for exact play: GraphML, or an edge list with one pair of names a line.

    # an edge list; commas may stand between the names
    mall street
    street,canal

An edge list goes both ways; GraphML says for itself which edges do. Weights and other data are not read.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from pursuit.content.boards.generate import MOST_NODES
from pursuit.content.files.problems import ContentError, Problem, fail

MOST_BYTES = 16 << 20


@dataclass
class GraphFile:
    """Names of nodes in the order in which they first occur, and one-way edges between their numbers."""

    number: dict[str, int] = field(default_factory=dict)
    pairs: list[tuple[int, int]] = field(default_factory=list)

    def node(self, name: str) -> int:
        return self.number.setdefault(name, len(self.number))

    def join(self, start: str, end: str, *, both_ways: bool) -> None:
        a, b = self.node(start), self.node(end)
        self.pairs.append((a, b))
        if both_ways:
            self.pairs.append((b, a))


def read_graph(path: Path) -> GraphFile:
    """The graph of a file. Raises ContentError with file, line and what is expected there."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise fail("too-large", f"a graph file has at most {MOST_BYTES >> 20} MiB", str(path))
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        reason = "no such file" if isinstance(error, FileNotFoundError) else "cannot be read"
        raise fail("unreadable", reason, str(path)) from None
    except UnicodeDecodeError:
        raise fail("encoding", "is not text in UTF-8", str(path)) from None
    is_xml = path.suffix.lower() in (".graphml", ".xml") or text.lstrip().startswith("<")
    graph = _graphml(text, path) if is_xml else _edge_list(text, path)
    if not graph.number:
        raise fail("empty-board", "a board needs at least one node", str(path))
    if len(graph.number) > MOST_NODES:
        raise fail("too-many-nodes", f"{len(graph.number):,} nodes; at most {MOST_NODES:,} are read", str(path))
    return graph


def _edge_list(text: str, path: Path) -> GraphFile:
    graph = GraphFile()
    problems: list[Problem] = []
    for line, source in enumerate(text.splitlines(), start=1):
        names = source.partition("#")[0].replace(",", " ").split()
        if len(names) == 2:
            graph.join(names[0], names[1], both_ways=True)
        elif names:
            found = f"{len(names)} name{'s' * (len(names) > 1)}"
            message = f"a line holds two names, the ends of an edge; here is {found}"
            problems.append(Problem("edge", message, file=str(path), line=line, column=1, excerpt=source[:120]))
            if len(problems) == 20:
                break
    if problems:
        raise ContentError(problems)
    return graph


def _graphml(text: str, path: Path) -> GraphFile:
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise fail("graphml", "declares a document type or entities; GraphML needs neither, take them out", str(path))
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        line, column = error.position
        reason = str(error).partition(":")[0]
        raise ContentError([Problem("graphml", reason, file=str(path), line=line, column=column + 1)]) from None
    found = root.find("{*}graph")
    if found is None:
        raise fail("graphml", "has no <graph> element", str(path))
    graph = GraphFile()
    for node in found.iterfind("{*}node"):
        if "id" not in node.attrib:
            raise fail("graphml", "has a <node> without an id", str(path))
        graph.node(node.attrib["id"])
    default = found.get("edgedefault", "undirected") == "directed"
    for edge in found.iterfind("{*}edge"):
        ends = edge.get("source"), edge.get("target")
        for end in ends:
            if end not in graph.number:
                raise fail("graphml", f"has an <edge> to {end!r}, which is no <node>", str(path))
        one_way = {"true": True, "false": False}.get(edge.get("directed", ""), default)
        graph.join(str(ends[0]), str(ends[1]), both_ways=not one_way)
    return graph
