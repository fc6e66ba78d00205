"""Projects longitude and latitude to pixels: an equal-area projection, and the window that is drawn."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from missiongraph.drawings.country_outlines import Box

Position = tuple[float, float]
_EVERYWHERE: Box = (-180.0, -90.0, 180.0, 90.0)

#: Steps in which the edges of a window are sampled, and degrees that are added for what lies between the samples.
_SAMPLES, _SPARE = 12, 2.0

_EARTH = 6371.0
_LOWEST = 260
_LEAST_KM = 300.0
_FAR = math.radians(140)

#: The centre of ETRS89-LAEA (EPSG:3035), and the area of use of that system (west, south, east, north).
_EUROPE_CENTRE, _EUROPE = (10.0, 52.0), (-32.0, 27.0, 45.0, 72.0)


@dataclass(frozen=True)
class Projection:
    """Lambert's azimuthal equal-area projection of a sphere around *centre* (longitude, latitude in degrees)."""

    centre: Position

    def __call__(self, longitude: float, latitude: float) -> Position | None:
        """Kilometres east and south of the centre; ``None`` for a point on the far side of the earth.

        >>> [round(km) for km in Projection((10.0, 52.0))(11.33875, 44.49381)]
        [106, 833]
        """
        middle, phi = math.radians(self.centre[1]), math.radians(latitude)
        turn = math.radians(longitude - self.centre[0])
        cosine = math.sin(middle) * math.sin(phi) + math.cos(middle) * math.cos(phi) * math.cos(turn)
        if cosine < math.cos(_FAR):
            return None
        scale = _EARTH * math.sqrt(2 / (1 + cosine))
        north = math.cos(middle) * math.sin(phi) - math.sin(middle) * math.cos(phi) * math.cos(turn)
        return scale * math.cos(phi) * math.sin(turn), -scale * north

    def undone(self, x: float, y: float) -> Position | None:
        """Longitude and latitude of the point *x* kilometres east and *y* south of the centre; ``None`` if none is."""
        distance = math.hypot(x, y)
        if distance > 2 * _EARTH:
            return None
        if not distance:
            return self.centre
        middle, arc = math.radians(self.centre[1]), 2 * math.asin(distance / 2 / _EARTH)
        sine = math.cos(arc) * math.sin(middle) - y * math.sin(arc) * math.cos(middle) / distance
        north = distance * math.cos(middle) * math.cos(arc) + y * math.sin(middle) * math.sin(arc)
        turn = math.atan2(x * math.sin(arc), north)
        return self.centre[0] + math.degrees(turn), math.degrees(math.asin(max(-1.0, min(1.0, sine))))


@dataclass(frozen=True)
class Window:
    """The part of the plane that is drawn.

    :ivar west: the left edge, in kilometres east of the centre of the projection
    :ivar north: the upper edge, in kilometres south of that centre
    :ivar scale: pixels for a kilometre
    :ivar width: in pixels
    :ivar height: in pixels
    """

    projection: Projection
    west: float
    north: float
    scale: float
    width: int
    height: int

    def at(self, longitude: float, latitude: float) -> Position | None:
        """Pixels to the right of and below the upper left corner; ``None`` for a point on the far side of the earth."""
        found = self.projection(longitude, latitude)
        return None if found is None else ((found[0] - self.west) * self.scale, (found[1] - self.north) * self.scale)

    @cached_property
    def bounds(self) -> Box:
        """A box in degrees around all that is in sight; it has all longitudes if a pole or the date line may be."""
        shares = [number / _SAMPLES for number in range(_SAMPLES + 1)]
        points = (
            (self.west + right * self.width / self.scale, self.north + down * self.height / self.scale)
            for right in shares
            for down in shares
        )
        projected = [self.projection.undone(*point) for point in points]
        seen = [at for at in projected if at is not None]
        if len(seen) < len(projected):
            return _EVERYWHERE
        west, south, east, north = (f(at[axis] for at in seen) for f, axis in ((min, 0), (min, 1), (max, 0), (max, 1)))
        west, south, east, north = west - _SPARE, south - _SPARE, east + _SPARE, north + _SPARE
        around = west < -180 or east > 180 or south < -85 or north > 85
        return (_EVERYWHERE[0], south, _EVERYWHERE[2], north) if around else (west, south, east, north)


def window_around(positions: Sequence[Position], width: int, margin: int) -> Window | None:
    """The window that shows all of *positions* (longitude, latitude); ``None`` if none of them can be seen.

    :param width: in pixels; the height is at most a fifth more
    :param margin: pixels around the positions
    """
    west, south, east, north = _EUROPE
    if all(west < x < east and south < y < north for x, y in positions):
        projection = Projection(_EUROPE_CENTRE)
    else:
        projection = Projection(_middle(positions))
    projected = [at for at in (projection(*position) for position in positions) if at is not None]
    if not projected:
        return None
    (left, right), (top, bottom) = ((min(values), max(values)) for values in zip(*projected, strict=True))
    highest = width * 6 // 5
    room = width - 2 * margin
    scale = min(room / max(right - left, _LEAST_KM), (highest - 2 * margin) / max(bottom - top, _LEAST_KM))
    height = round(min(max((bottom - top) * scale + 2 * margin, _LOWEST), highest))
    return Window(
        projection,
        (left + right) / 2 - width / 2 / scale,
        (top + bottom) / 2 - height / 2 / scale,
        scale,
        width,
        height,
    )


def _middle(positions: Sequence[Position]) -> Position:
    """The mean direction of *positions*, computed with vectors, so that the date line makes no difference."""
    vectors = [(math.radians(x), math.radians(y)) for x, y in positions]
    x = sum(math.cos(phi) * math.cos(turn) for turn, phi in vectors)
    y = sum(math.cos(phi) * math.sin(turn) for turn, phi in vectors)
    z = sum(math.sin(phi) for _, phi in vectors)
    return math.degrees(math.atan2(y, x)), math.degrees(math.atan2(z, math.hypot(x, y)))
