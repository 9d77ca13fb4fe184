"""Degrees to meters on a plane that touches the earth in the middle of a city.

East and north of the middle are arcs along the parallel and the meridian of the WGS 84 ellipsoid, with its radii of
curvature at the middle latitude (J. P. Snyder, *Map Projections: A Working Manual*, USGS Professional Paper 1395,
1987, pages 24 and 25). What lies 25 km north of the middle is drawn too wide by 0.3 percent in Los Angeles and by
0.7 in Helsinki; hops go by the lengths that the file gives, if it does.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_AXIS = 6_378_137.0  # half the equatorial diameter, meters
_FLATTENING = 1 / 298.257223563
MOST_DEGREES = 4.0  # wider than any city; beyond it the plane would lie


def to_meters(degrees: NDArray[np.float64], middle: tuple[float, float]) -> NDArray[np.float64]:
    """Points [points, 2] of longitude and latitude as meters east and north of ``middle``."""
    lon, lat = middle
    square = _FLATTENING * (2 - _FLATTENING)
    bent = 1 - square * np.sin(np.radians(lat)) ** 2
    parallel = _AXIS / np.sqrt(bent) * np.cos(np.radians(lat))
    meridian = _AXIS * (1 - square) / bent**1.5
    arcs: NDArray[np.float64] = np.radians(degrees - np.array([lon, lat])) * np.array([parallel, meridian])
    return arcs
