"""What the classes of OpenStreetMap's ``highway`` tag mean here: width, who may use them, usual speed.

Speeds are for roads without a ``maxspeed``: usual ones of cities, in kilometers an hour.
"""

from __future__ import annotations

from typing import NamedTuple

from pursuit.core.board import Mode

FOOT = 1 << Mode.FOOT
_BIKES = 1 << Mode.MOTORCYCLE
_CARS = 1 << Mode.CAR
_TRUCKS = 1 << Mode.TRUCK
MOTORS = _BIKES | _CARS | _TRUCKS

WIDTHS = ("freeway", "boulevard", "street", "alley", "stairs", "path")
FALLBACK_KPH = 40.0


class Road(NamedTuple):
    """One class of ways."""

    width: str
    modes: int  # bits
    kph: float


_ALL = FOOT | MOTORS
UNKNOWN = Road("street", _ALL, FALLBACK_KPH)
_CLOSED = Road("path", 0, 5.0)

ROADS: dict[str, Road] = {
    "motorway": Road("freeway", MOTORS, 105.0),
    "motorway_link": Road("freeway", MOTORS, 60.0),
    "trunk": Road("boulevard", _ALL, 80.0),
    "trunk_link": Road("boulevard", _ALL, 50.0),
    "primary": Road("boulevard", _ALL, 55.0),
    "primary_link": Road("boulevard", _ALL, 45.0),
    "secondary": Road("boulevard", _ALL, 50.0),
    "secondary_link": Road("boulevard", _ALL, 40.0),
    "tertiary": Road("street", _ALL, 45.0),
    "tertiary_link": Road("street", _ALL, 40.0),
    "unclassified": Road("street", _ALL, 40.0),
    "residential": Road("street", _ALL, 40.0),
    "road": Road("street", _ALL, 40.0),
    "busway": Road("street", FOOT, 40.0),
    "living_street": Road("alley", FOOT | _BIKES | _CARS, 15.0),
    "service": Road("alley", FOOT | _BIKES | _CARS, 20.0),
    "track": Road("alley", FOOT | _BIKES | _CARS, 20.0),
    "pedestrian": Road("path", FOOT, 5.0),
    "footway": Road("path", FOOT, 5.0),
    "path": Road("path", FOOT, 5.0),
    "bridleway": Road("path", FOOT, 5.0),
    "cycleway": Road("path", FOOT, 15.0),
    "corridor": Road("path", FOOT, 5.0),
    "trail": Road("path", FOOT, 5.0),
    "platform": Road("path", FOOT, 5.0),
    "crossing": Road("path", FOOT, 5.0),
    "elevator": Road("stairs", FOOT, 1.0),
    "steps": Road("stairs", FOOT, 3.0),
    "construction": _CLOSED,
    "proposed": _CLOSED,
    "abandoned": _CLOSED,
    "razed": _CLOSED,
    "raceway": _CLOSED,
}


def road(classes: list[str]) -> Road | None:
    """The road of one or several classes (a way that was merged of several); None if none of them is known.

    Of several, the first known gives the width and the speed, and only who may use all of them may use it.
    """
    known = [ROADS[name] for name in classes if name in ROADS]
    if not known:
        return None
    modes = known[0].modes
    for other in known[1:]:
        modes &= other.modes
    return Road(known[0].width, modes, known[0].kph)


def barred(tags: dict[str, str]) -> int:
    """Bits of the modes that the access tags of a way keep out."""
    out = 0
    for tag, modes in (
        ("access", _ALL),
        ("vehicle", MOTORS),
        ("motor_vehicle", MOTORS),
        ("motorcar", _CARS),
        ("motorcycle", _BIKES),
        ("hgv", _TRUCKS),
        ("foot", FOOT),
    ):  # from the general to the particular, which may allow again what the general forbids
        said = tags.get(tag, "")
        if said in ("no", "private"):
            out |= modes
        elif said in ("yes", "designated", "permissive"):
            out &= ~modes
    return out
