"""A frame's map on a surface. A pure function: the same frame, camera and theme give the same pixels.

What does not change is kept by `ground`; everything here is drawn anew for each frame.
"""

from __future__ import annotations

from collections import OrderedDict
from itertools import pairwise
from math import hypot

import numpy as np
import pygame
from numpy.typing import NDArray

from pursuit.core.board import Door
from pursuit.core.state import Status
from pursuit.core.world import Side
from pursuit.viewer import sprites
from pursuit.viewer.camera import Camera
from pursuit.viewer.frame import Body, Effect, Frame, Point, Ride, Track
from pursuit.viewer.ground import ground
from pursuit.viewer.motion import part
from pursuit.viewer.text import SMALL, Space, write
from pursuit.viewer.theme import GREEN, HEAT, ORANGE, PURPLE, SIDE_COLOR, VERMILLION, YELLOW, Color, Theme

_FAINT = 96  # opacity, of 255, of what the viewpoint does not see

_veils: OrderedDict[tuple[bytes, int, Camera, str], pygame.Surface] = OrderedDict()


def draw(surface: pygame.Surface, frame: Frame, camera: Camera, theme: Theme) -> None:
    """Paint the map of a frame into the camera's rectangle; the rest of the surface is left alone."""
    layer, space = ground(frame.board, frame.layout, camera, theme)
    left, top, wide, tall = camera.rect
    clip = surface.get_clip()
    surface.set_clip(pygame.Rect(camera.rect))
    surface.blit(layer, (left, top))
    local = surface.subsurface(pygame.Rect(camera.rect))
    _Painter(local, frame, Camera((0, 0, wide, tall), camera.center, camera.scale), theme, space.copy()).paint()
    surface.set_clip(clip)


def token_radius(frame: Frame, camera: Camera) -> int:
    """Pixels of a token's radius: large enough to read, growing as one comes nearer."""
    return round(min(max(frame.board.cell * camera.scale * 0.46, 9.5), 17))


def body_at(frame: Frame, camera: Camera, spot: Point) -> Body | None:
    """Whose token lies under a pixel of the surface, the nearest one; None if nobody's does."""
    reach = 1.3 * token_radius(frame, camera)
    found, nearest = None, reach
    for body, (x, y) in zip(frame.bodies, _stand(frame, camera)[1], strict=True):
        away = hypot(x - spot[0], y - spot[1])
        if away <= nearest:
            found, nearest = body, away
    return found


def _stand(frame: Frame, camera: Camera) -> tuple[list[Point], list[Point]]:
    """Where vehicles and bodies are drawn: at their nodes, pushed apart; riders go with their vehicle."""
    radius = token_radius(frame, camera)

    def home(piece: Ride | Body) -> Point:
        x, y = camera.spot(piece.at)
        return x + piece.offset[0] * radius, y + piece.offset[1] * radius

    rides, walkers = frame.rides, [body for body in frame.bodies if body.ride < 0]
    sizes = [radius * max(ride.aboard, 1.15) for ride in rides] + [radius * 1.15] * len(walkers)
    pieces: list[Ride | Body] = [*rides, *walkers]
    spots = part([home(piece) for piece in pieces], sizes)
    on_foot = iter(spots[len(rides) :])
    bodies = []
    for body in frame.bodies:
        if body.ride < 0:
            bodies.append(next(on_foot))
        else:
            x, y = spots[body.ride]
            bodies.append((x + body.offset[0] * radius, y + body.offset[1] * radius))
    return spots[: len(rides)], bodies


class _Painter:
    """The layers of one frame, bottom to top. Pixels count from the map's own corner."""

    def __init__(self, surface: pygame.Surface, frame: Frame, camera: Camera, theme: Theme, space: Space) -> None:
        self.surface, self.frame, self.camera, self.theme, self.space = surface, frame, camera, theme, space
        self.points = camera.to_screen(frame.layout.node_xy)
        self.radius = token_radius(frame, camera)
        self.ride_spots, self.body_spots = _stand(frame, camera)

    def paint(self) -> None:
        self.veil()
        self.heat()
        self.doors()
        self.exits()
        for track in self.frame.tracks:
            self.track(track)
        for effect in self.frame.effects:
            if effect.kind == "noise":
                self.noise(effect)
        self.things()
        self.rides()
        for effect in self.frame.effects:
            if effect.kind in ("shot", "strike"):
                self.stroke(effect)
        stack = sorted(zip(self.frame.bodies, self.body_spots, strict=True), key=lambda pair: _depth(pair[0]))
        for body, (x, y) in stack:
            self.ring(body, x, y)
        for body, (x, y) in stack:
            self.body(body, x, y)
        for body, (x, y) in stack:
            self.health(body, x, y)
        for effect in self.frame.effects:
            self.mark(effect)
        for body, (x, y) in reversed(stack):
            self.name(body, x, y)
        self.foot()

    def veil(self) -> None:
        """Dim what the viewpoint does not see."""
        seen = self.frame.in_sight
        if seen is None:
            return
        key = (seen.tobytes(), id(self.frame.layout), self.camera, self.theme.name)
        kept = _veils.get(key)
        if kept is None:
            kept = _veils[key] = self._make_veil(seen)
            if len(_veils) > 4:
                _veils.popitem(last=False)
        self.surface.blit(kept, (0, 0))

    def _make_veil(self, seen: NDArray[np.bool_]) -> pygame.Surface:
        """Scaled down and up again, which makes its edges soft."""
        wide, tall = self.camera.rect[2:]
        sharp = pygame.Surface((wide // 2 + 1, tall // 2 + 1), pygame.SRCALPHA)
        sharp.fill((*self.theme.veil, 118 if self.theme.name == "dark" else 66))
        radius = max(self.frame.board.cell * self.camera.scale * 0.95 / 2, 2.0)
        for x, y in self.points[seen] / 2:
            pygame.draw.circle(sharp, (*self.theme.veil, 0), (x, y), radius)
        soft = pygame.transform.smoothscale(sharp, (wide // 8 + 1, tall // 8 + 1))
        return pygame.transform.smoothscale(soft, (wide, tall))

    def heat(self) -> None:
        """Where the shifter may be, to the mind looked through: the likelier, the denser."""
        chance = self.frame.heat
        if chance is None:
            return
        key = (chance.tobytes(), id(self.frame.layout), self.camera, "heat")
        kept = _veils.get(key)
        if kept is None:
            kept = _veils[key] = self._make_heat(chance)
            if len(_veils) > 4:
                _veils.popitem(last=False)
        self.surface.blit(kept, (0, 0))

    def _make_heat(self, chance: NDArray[np.float32]) -> pygame.Surface:
        """Spots on a small picture, scaled up, which makes them soft."""
        wide, tall = self.camera.rect[2:]
        small = pygame.Surface((wide // 4 + 1, tall // 4 + 1), pygame.SRCALPHA)
        small.fill((*HEAT, 0))
        radius = max(self.frame.board.cell * self.camera.scale * 1.1, 9.0) / 4
        scale = 200 / max(float(chance.max()), 0.05)
        for node in np.argsort(chance, kind="stable").tolist():  # the likeliest last, on top
            if chance[node] > 0:
                opacity = round(40 + scale * float(chance[node]))
                pygame.draw.circle(small, (*HEAT, opacity), self.points[node] / 4, radius)
        return pygame.transform.smoothscale(small, (wide, tall))

    def doors(self) -> None:
        """A bar across the way, of the state's color; an open door is two stubs with the way between them."""
        half = min(max(self.frame.board.cell * self.camera.scale * 0.34, 4.0), 12.0)
        for state, (a, b) in zip(self.frame.doors, self.frame.board.door_nodes.tolist(), strict=True):
            if self.frame.board.level[a] != self.frame.board.level[b]:
                continue
            (ax, ay), (bx, by) = self.points[a], self.points[b]
            length = hypot(bx - ax, by - ay)
            if length == 0:
                continue
            mx, my = (ax + bx) / 2, (ay + by) / 2
            nx, ny = -(by - ay) / length, (bx - ax) / length
            color = self.theme.door_color(state)
            inner = half * 0.45 if state == Door.OPEN else 0.0
            for sign in (-1, 1):
                start = (mx + sign * nx * inner, my + sign * ny * inner)
                end = (mx + sign * nx * half, my + sign * ny * half)
                pygame.draw.line(self.surface, self.theme.ink, start, end, 6)
                pygame.draw.line(self.surface, color, start, end, 4)
            if state == Door.BARRED:
                for along in (-0.5, 0.5):
                    spot = (mx + along * nx * half, my + along * ny * half)
                    pygame.draw.circle(self.surface, self.theme.ink, spot, 1.5)

    def exits(self) -> None:
        """A ring of the side's color; one word for each side, where there is place."""
        named: set[int] = set()
        for side, node in self.frame.exits:
            x, y = self.points[node]
            color = SIDE_COLOR[Side(side)]
            pygame.draw.circle(self.surface, color, (x, y), max(self.radius * 0.55, 5), 2)
            if side not in named:
                face = write("exit", SMALL, color, self.theme.halo)
                box = self.space.find(face.get_size(), x, y, self.radius * 0.7)
                if box is not None:
                    self.surface.blit(face, box)
                    named.add(side)

    def track(self, track: Track) -> None:
        """A line that fades toward its old end; a plan is dotted, with a ring at its goal."""
        color = SIDE_COLOR[Side(track.side)]
        if track.plan:
            self.plan(track, color)
            return
        level, nodes = self.frame.board.level, track.nodes
        last = len(nodes) - 1
        for k in range(last):
            if level[nodes[k]] == level[nodes[k + 1]]:
                share = 0.12 + 0.5 * (k + 1) / last
                paint = _mix(self.theme.room, color, share)
                pygame.draw.line(self.surface, paint, self.points[nodes[k]], self.points[nodes[k + 1]], 3)

    def plan(self, track: Track, color: Color) -> None:
        level, nodes = self.frame.board.level, track.nodes
        for a, b in pairwise(nodes):
            if level[a] == level[b]:
                start, end = self.points[a], self.points[b]
                for share in (0.25, 0.75):
                    pygame.draw.circle(self.surface, color, start + (end - start) * share, 2)
        pygame.draw.circle(self.surface, color, self.points[nodes[-1]], 5, 2)

    def noise(self, effect: Effect) -> None:
        x, y = self.camera.spot(effect.at)
        reach = effect.reach * self.camera.scale
        paint = _mix(self.theme.ground, ORANGE, 0.12 + 0.2 * effect.strength)
        for share in (1.0, 0.5):
            if reach * share > self.radius * 1.5:
                pygame.draw.aacircle(self.surface, paint, (round(x), round(y)), round(reach * share), 1)

    def things(self) -> None:
        size = max(round(self.radius * 0.72), 7)
        for thing in self.frame.things:
            x, y = self.camera.spot(thing.at)
            self.stamp(sprites.thing(thing.weapon, size, self.theme.ink), x, y - self.radius * 0.2, thing.faint)

    def rides(self) -> None:
        for ride, (x, y) in zip(self.frame.rides, self.ride_spots, strict=True):
            sprite = sprites.vehicle(ride.kind, self.radius, ride.aboard, self.theme.ink)
            self.stamp(sprite, x, y, ride.faint)
            box = sprite.get_rect(center=(round(x), round(y)))
            if not ride.aboard:
                self.label(ride.name, self.theme.soft, box, ride.faint)
            self.space.take(box)

    def stroke(self, effect: Effect) -> None:
        """A shot is a bright line; a strike is a short one, as its ends may be one node."""
        (x0, y0), (x1, y1) = self.body_spots[effect.who], self.body_spots[effect.to]
        color = YELLOW if effect.kind == "shot" else VERMILLION
        paint = _mix(self.theme.ground, color, 0.35 + 0.65 * effect.strength)
        if hypot(x1 - x0, y1 - y0) < self.radius:
            x0, y0, x1, y1 = x0 - self.radius, y0 - self.radius, x0 + self.radius, y0 + self.radius
        pygame.draw.line(self.surface, self.theme.ink, (x0, y0), (x1, y1), 5)
        pygame.draw.line(self.surface, paint, (x0, y0), (x1, y1), 3)

    def ring(self, body: Body, x: float, y: float) -> None:
        """What lies under all tokens: rings around the hunted and who is about to change; lines to far nodes."""
        radius = self.size_of(body)
        home = self.camera.spot(body.at)
        if body.ride < 0 and hypot(x - home[0], y - home[1]) > radius * 1.1:
            pygame.draw.aaline(self.surface, self.theme.soft, home, (x, y))
        if body.hunted and body.status == Status.WELL:
            self.stamp(sprites.halo(radius, self.theme.text, 10), x, y, body.faint)
        if body.pending:
            self.stamp(sprites.halo(round(radius * 1.15), PURPLE, 6), x, y, body.faint)

    def body(self, body: Body, x: float, y: float) -> None:
        """The token: true side and letters if known, with the look worn as a ring and badge; else the look alone."""
        radius = self.size_of(body)
        gone = body.status != Status.WELL
        who, ring, worn = (body.look, -1, "") if body.behind is None else (body.behind, body.look.side, body.look.code)
        self.stamp(sprites.token(who.side, who.code, radius, ring, self.theme.ink, worn), x, y, body.faint or gone)
        if gone and body.status != Status.DOWN:
            self.stamp(sprites.cross(radius, VERMILLION), x, y, body.faint)
        self.space.take(pygame.Rect(round(x - radius), round(y - radius), 2 * radius, 2 * radius))

    def health(self, body: Body, x: float, y: float) -> None:
        """A bar above the token, drawn for the wounded only."""
        share = body.health
        if share is None or body.status != Status.WELL or (share >= 1 and not body.staggered):
            return
        radius = self.size_of(body)
        box = pygame.Rect(0, 0, radius * 2, 5)
        box.center = (round(x), round(y - radius * 1.5))
        pygame.draw.rect(self.surface, self.theme.ink, box.inflate(2, 2), border_radius=2)
        box.width = max(round(radius * 2 * share), 1)
        color = GREEN if share > 0.6 else ORANGE if share > 0.3 else VERMILLION
        pygame.draw.rect(self.surface, PURPLE if body.staggered else color, box, border_radius=2)

    def mark(self, effect: Effect) -> None:
        sprite = sprites.mark(effect.kind, self.radius, self.theme.ink)
        if sprite is not None:
            x, y = self.body_spots[effect.who]
            self.stamp(sprite, x, y, opacity=round(64 + 191 * effect.strength))

    def name(self, body: Body, x: float, y: float) -> None:
        reach = round(self.size_of(body) * 1.05)
        box = pygame.Rect(0, 0, 2 * reach, 2 * reach)
        box.center = (round(x), round(y))
        who = body.look.name if body.behind is None else f"{body.behind.name} as {body.look.name}"
        if body.doubt is not None:
            who += f" · fake {body.doubt:.0%}"
        down = body.status != Status.WELL
        self.label(who, self.theme.faint if down else self.theme.text, box, body.faint)

    def label(self, text: str, color: Color, box: pygame.Rect, faint: bool) -> None:
        """A name beside what it names, in the first free place; left out where there is none."""
        face = write(text, SMALL, self.theme.faint if faint else color, self.theme.halo)
        place = self.space.find(face.get_size(), box.centerx, box.centery, box.height / 2)
        if place is not None:
            self.surface.blit(face, place)

    def foot(self) -> None:
        """Scale bar and the attribution of the map."""
        wide, tall = self.camera.rect[2:]
        meters = next((m for m in (5, 10, 20, 50, 100, 200, 500, 1000, 2000) if m * self.camera.scale > 60), 5000)
        length = round(meters * self.camera.scale)
        text = f"{meters} m" if meters < 1000 else f"{meters // 1000} km"
        pygame.draw.lines(
            self.surface,
            self.theme.soft,
            False,
            [(14, tall - 20), (14, tall - 14), (14 + length, tall - 14), (14 + length, tall - 20)],
            2,
        )
        self.surface.blit(write(text, SMALL, self.theme.soft, self.theme.halo), (18, tall - 32))
        if self.frame.board.attribution:
            face = write(self.frame.board.attribution, SMALL, self.theme.soft, self.theme.halo)
            self.surface.blit(face, face.get_rect(bottomright=(wide - 8, tall - 6)))

    def size_of(self, body: Body) -> int:
        return max(round(self.radius * 0.82), 8) if body.ride >= 0 else self.radius

    def stamp(self, sprite: pygame.Surface, x: float, y: float, faint: bool = False, opacity: int = 255) -> None:
        sprite.set_alpha(_FAINT if faint else opacity)
        self.surface.blit(sprite, sprite.get_rect(center=(round(x), round(y))))


def _depth(body: Body) -> tuple[bool, bool, float]:
    """Who lies is drawn below who stands; the hunted one on top."""
    return body.status == Status.WELL, body.hunted, -body.at[1]


def _mix(back: Color, front: Color, share: float) -> Color:
    r, g, b = (round(x + (y - x) * share) for x, y in zip(back, front, strict=True))
    return r, g, b
