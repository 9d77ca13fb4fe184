"""The map format: what a TOML file of a map may say. Names here are still names; ``compile`` makes them indices.

Lengths are meters, x to the east and y to the north. A minimal map::

    id = "yard"
    title = "A yard"
    cell = 5.0

    [[place]]
    name = "gate"
    at = [0, 0]

    [[place]]
    name = "shed"
    at = [40, 10]
    features = ["cover"]

    [[street]]
    name = "drive"
    width = "alley"
    through = ["gate", [20, 0], "shed"]
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

ModeName: TypeAlias = Literal["foot", "motorcycle", "car", "truck"]
FeatureName: TypeAlias = Literal["cover", "hide", "hoist", "lever", "terminal", "vault", "vat", "press", "bay", "cache"]
StateName: TypeAlias = Literal["open", "shut", "locked", "barred"]
WidthName: TypeAlias = Literal["freeway", "boulevard", "street", "alley", "corridor", "canal", "stairs", "path"]
RoomKind: TypeAlias = Literal[
    "shop", "hall", "corridor", "arcade", "food", "parking", "service", "water", "roof", "garden", "park", "stairs",
    "cell", "office", "vat", "house", "bar", "lot", "yard", "lab", "ward", "mill", "press", "vault", "block", "room",
]  # fmt: skip

Length: TypeAlias = Annotated[float, Field(ge=-1e6, le=1e6, allow_inf_nan=False)]
Point: TypeAlias = Annotated[list[Length], Field(min_length=2, max_length=2)]
Name: TypeAlias = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]

USUAL_MODES: dict[str, tuple[ModeName, ...]] = {
    "freeway": ("foot", "motorcycle", "car", "truck"),
    "boulevard": ("foot", "motorcycle", "car", "truck"),
    "street": ("foot", "motorcycle", "car", "truck"),
    "canal": ("foot", "motorcycle", "car", "truck"),
    "alley": ("foot", "motorcycle", "car"),
    "corridor": ("foot",),
    "stairs": ("foot",),
    "path": ("foot",),
}


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class PlaceSpec(_Strict):
    """A named node. Inside a filled room it is the room's nearest free cell."""

    name: Name
    at: Point
    level: str = ""  # the ground if left out
    label: str = ""  # for stories; the name without underscores if left out
    features: list[FeatureName] = []


class StreetSpec(_Strict):
    """A way through places and bends, cut into equal cells between one place and the next."""

    name: Name
    through: Annotated[list[str | Point], Field(min_length=2)]
    width: WidthName = "street"
    level: str = ""  # of its bends and cells; cells between places on two levels go to the nearer one
    label: str | None = None  # written along the street; "" for none
    modes: list[ModeName] | None = None  # usual for its width if left out
    one_way: bool = False  # only in the order of ``through``
    bars: bool = False  # a grating in the middle, from one place to the next, that only poly-alloy gets through
    grade: Literal["level", "over", "under"] = "level"  # streets at other grades cross without meeting


class RoomSpec(_Strict):
    """A polygon: a region of the cells that lie in it; filled with a lattice of cells if ``fill``."""

    name: Name
    corners: Annotated[list[Point], Field(min_length=3)]
    kind: RoomKind = "room"
    label: str = ""
    level: str = ""
    fill: bool = False
    open: bool = True  # whether all in it and in range see each other
    modes: list[ModeName] = ["foot"]
    features: list[FeatureName] = []


class DoorSpec(_Strict):
    """A door on the middle of the way between two neighboring places."""

    name: Name
    between: Annotated[list[str], Field(min_length=2, max_length=2)]
    start: StateName = "shut"
    routes: bool = False  # whether ways are found around it while it cannot be passed


class MapFile(_Strict):
    """A whole map."""

    id: Name
    title: str
    cell: Annotated[float, Field(gt=0, le=1e5, allow_inf_nan=False)]  # meters of one hop
    sight: Annotated[float, Field(ge=0, le=1e6, allow_inf_nan=False)] | Literal["everything"] = "everything"
    levels: Annotated[list[Name], Field(min_length=1)] = ["ground"]  # from below; "ground", else the first, is level 0
    attribution: str = ""
    place: list[PlaceSpec] = []
    street: list[StreetSpec] = []
    room: list[RoomSpec] = []
    door: list[DoorSpec] = []
