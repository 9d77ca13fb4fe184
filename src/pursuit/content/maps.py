"""Boards by name: shipped maps, map files, imported cities, and generated unit boards.

>>> load_map("galleria").num_nodes > 500
True
>>> load_map("grid:10x10").num_nodes
100
"""

from __future__ import annotations

from pathlib import Path

from pursuit.content.boards.compile import compile_map
from pursuit.content.files import locate
from pursuit.content.files.source import Source
from pursuit.content.osm import city
from pursuit.core.board import Board

__all__ = ["load_map", "map_names"]


def load_map(name: str | Path, *, beside: Path | None = None) -> Board:
    """A board by the name of a shipped map, the path of a map or city file, or a spec such as ``torus:8x8``.

    ``beside`` is a folder to look in first. Raises ContentError with every problem of the file, or with the nearest
    known name.
    """
    if city.is_city(name):
        return city.to_board(city.read(city.find(name, beside)))
    if isinstance(name, str) and not (beside and (beside / f"{name}.toml").is_file()) and name not in map_names():
        from pursuit.content.boards import generate  # networkx takes longer to import than a map to compile

        if generate.is_spec(name):
            return generate.from_spec(name)
    path = locate.find("maps", name, beside=beside)
    return city.to_board(city.read(path)) if city.is_city(path) else compile_map(Source.read(path))


def map_names() -> tuple[str, ...]:
    """The names of the shipped maps."""
    return locate.names("maps")
