"""What stands around the map: heading, list of agents, log, timeline, help. Pure, like `draw`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pygame

from pursuit.core.world import Side
from pursuit.viewer import sprites
from pursuit.viewer.camera import Rect
from pursuit.viewer.frame import Entry, Frame, Heading, Line
from pursuit.viewer.text import LARGE, PLAIN, SMALL, TITLE, cut, wrap, write
from pursuit.viewer.theme import BLUE, GREEN, ORANGE, PURPLE, SIDE_NAME, SKY, VERMILLION, YELLOW, Color, Theme

TOP, SIDE, BOTTOM = 46, 312, 62
"""Heights of the heading and of the timeline, width of the column at the right, in pixels."""

_PAD = 14
_GRAVE = {2: PURPLE, 3: ORANGE, 4: VERMILLION}
_BADGE = {"verified": GREEN, "watch only": ORANGE, "diverged": VERMILLION}


@dataclass(frozen=True)
class Areas:
    """How a surface is shared out. `track` is the part of the timeline that stands for turns."""

    map: Rect
    top: Rect
    side: Rect
    bottom: Rect
    track: Rect


def areas(size: tuple[int, int]) -> Areas:
    """The areas of a surface of a size; the column goes once less than half would be left for the map."""
    wide, tall = size
    column = SIDE if wide >= 2 * SIDE + 80 else 0
    return Areas(
        map=(0, TOP, wide - column, max(tall - TOP - BOTTOM, 1)),
        top=(0, 0, wide, TOP),
        side=(wide - column, TOP, column, max(tall - TOP - BOTTOM, 1)),
        bottom=(0, tall - BOTTOM, wide, BOTTOM),
        track=(_PAD, tall - BOTTOM + 22, wide - 2 * _PAD, 10),
    )


def turn_at(place: Areas, num_turns: int, x: float) -> float:
    """The position, in turns, that a pixel of the timeline stands for."""
    left, _, wide, _ = place.track
    return min(max((x - left) / wide, 0.0), 1.0) * num_turns


def draw_panels(surface: pygame.Surface, frame: Frame, theme: Theme) -> None:
    """Paint everything but the map; the areas are those of the surface's size."""
    place = areas(surface.get_size())
    _top(surface, pygame.Rect(place.top), frame.heading, theme)
    if place.side[2]:
        _side(surface, pygame.Rect(place.side), frame, theme)
    _timeline(surface, place, frame.heading, theme)


def seed_box(heading: Heading, theme: Theme) -> pygame.Rect:
    """Where the seed stands in the heading; a click there copies the command that plays it again."""
    face = write(f"seed {heading.seed}", PLAIN, theme.soft)
    return face.get_rect(midleft=(_clock_right(heading, theme) + 20, TOP // 2))


def _clock_right(heading: Heading, theme: Theme) -> int:
    title = write(heading.title, TITLE, theme.text).get_width()
    return _PAD + title + 22 + write(_clock(heading), LARGE, theme.text).get_width()


def _clock(heading: Heading) -> str:
    speed = f"{heading.speed:g}×" if heading.speed >= 1 else f"1/{round(1 / heading.speed)}×"
    within = f" {heading.phase}" if heading.phase else ""
    return f"turn {heading.turn}{within} / {heading.num_turns}   {speed}"


def _top(surface: pygame.Surface, box: pygame.Rect, heading: Heading, theme: Theme) -> None:
    pygame.draw.rect(surface, theme.panel, box)
    pygame.draw.line(surface, theme.panel_edge, (0, box.bottom - 1), (box.right, box.bottom - 1))
    title = write(heading.title, TITLE, theme.text)
    surface.blit(title, title.get_rect(midleft=(_PAD, box.centery)))
    clock = write(_clock(heading), LARGE, theme.text)
    surface.blit(clock, clock.get_rect(midright=(_clock_right(heading, theme), box.centery)))
    seed = seed_box(heading, theme)
    surface.blit(write(f"seed {heading.seed}", PLAIN, theme.soft), seed)

    right = box.right - _PAD
    if heading.badge:
        right = _chip(surface, heading.badge, right, box.centery, _BADGE.get(heading.badge, theme.faint), theme.ink)
    eye = f"{heading.viewpoint} · {heading.lens}"
    eye = cut(eye, PLAIN, max(right - seed.right - 60, 40))
    right = _chip(surface, eye, right - 8, box.centery, theme.bar, theme.text)
    if heading.outcome:
        text = cut(heading.outcome, LARGE, max(right - seed.right - 40, 20))
        face = write(text, LARGE, ORANGE if theme.name == "dark" else VERMILLION)
        surface.blit(face, face.get_rect(midright=(right - 12, box.centery)))


def _chip(surface: pygame.Surface, text: str, right: int, y: int, color: Color, ink: Color) -> int:
    face = write(text, PLAIN, ink)
    box = face.get_rect(midright=(right - 9, y))
    pygame.draw.rect(surface, color, box.inflate(18, 10), border_radius=9)
    surface.blit(face, box)
    return box.left - 9


def _side(surface: pygame.Surface, box: pygame.Rect, frame: Frame, theme: Theme) -> None:
    pygame.draw.rect(surface, theme.panel, box)
    pygame.draw.line(surface, theme.panel_edge, box.topleft, box.bottomleft)
    chosen = _policies(frame.heading.policies, box.width - 2 * _PAD)
    legend = 18 + 16 * len(chosen)
    least_log = 150
    y = _agents(surface, box, frame.entries, theme, box.bottom - legend - least_log)
    _log(surface, pygame.Rect(box.left, y, box.width, box.bottom - legend - y), frame.log, frame.heading.turn, theme)
    y = box.bottom - legend
    pygame.draw.line(surface, theme.panel_edge, (box.left, y), (box.right, y))
    for line in chosen:
        y += 16
        face = write(line, SMALL, theme.soft)
        surface.blit(face, face.get_rect(midleft=(box.left + _PAD, y)))


def _policies(policies: Sequence[tuple[str, str]], width: int) -> list[str]:
    """One line for each policy with those it chooses for; at most four."""
    whom: dict[str, list[str]] = {}
    for who, policy in policies:
        whom.setdefault(policy, []).append(who)
    lines = [cut(f"{policy}: {', '.join(names)}", SMALL, width) for policy, names in whom.items()]
    return lines if len(lines) <= 4 else [*lines[:3], f"and {len(lines) - 3} more policies"]


def _agents(surface: pygame.Surface, box: pygame.Rect, entries: Sequence[Entry], theme: Theme, bottom: int) -> int:
    """Those on the board first; what does not fit is counted. Returns where the list ends."""
    y = box.top + 10
    ordered = sorted(entries, key=lambda entry: entry.gone)
    for k, entry in enumerate(ordered):
        if y + 34 > bottom:
            face = write(f"and {len(ordered) - k} more", SMALL, theme.soft)
            surface.blit(face, (box.left + _PAD, y))
            return y + 18
        y = _entry(surface, box, y, entry, theme)
    return y + 2


def _entry(surface: pygame.Surface, box: pygame.Rect, y: int, entry: Entry, theme: Theme) -> int:
    left, right = box.left + 46, box.right - _PAD
    who, ring, worn = (entry.look, -1, "")
    name = entry.look.name
    if entry.behind is not None:
        who, ring, worn = entry.behind, entry.look.side, entry.look.code
        name = f"{entry.behind.name} as {entry.look.name}"
    token = sprites.token(who.side, who.code, 10, ring, theme.ink, worn)
    token.set_alpha(110 if entry.gone else 255)
    surface.blit(token, token.get_rect(center=(box.left + 25, y + 14)))
    tall = 31 if entry.note and not entry.gone else 25
    room = right - left - (0 if entry.points is None or entry.gone else 78)
    note = write(cut(entry.note, SMALL, right - left), SMALL, theme.soft)
    if entry.gone:
        note = write(cut(entry.note, SMALL, 110), SMALL, theme.faint)
        surface.blit(note, note.get_rect(midright=(right, y + 14)))
        room -= note.get_width() + 8
    face = write(cut(name, PLAIN, room), PLAIN, theme.faint if entry.gone else theme.text)
    surface.blit(face, face.get_rect(midleft=(left, y + (9 if entry.note and not entry.gone else 14))))
    if not entry.gone:
        surface.blit(note, note.get_rect(midleft=(left, y + 23)))
        if entry.points is not None and entry.health is not None:
            level = y + (9 if entry.note else 14)
            _bar(surface, pygame.Rect(right - 70, level - 3, 42, 6), entry.health, theme)
            points = write(str(entry.points), SMALL, theme.soft)
            surface.blit(points, points.get_rect(midright=(right, level)))
    if entry.looks:
        _looks(surface, left, right, y + tall + 6, entry, theme)
        tall += 20
    return y + tall + 3


def _looks(surface: pygame.Surface, left: int, right: int, y: int, entry: Entry, theme: Theme) -> None:
    """The shapes that a shifter can wear, as small tokens."""
    face = write("can be", SMALL, theme.faint)
    surface.blit(face, face.get_rect(midleft=(left, y)))
    x = left + face.get_width() + 14
    for k, look in enumerate(entry.looks):
        if x > right - 26 and k < len(entry.looks) - 1:
            more = write(f"+{len(entry.looks) - k}", SMALL, theme.soft)
            surface.blit(more, more.get_rect(midleft=(x - 8, y)))
            return
        token = sprites.token(look.side, look.code, 8, -1, theme.ink)
        token.set_alpha(255)
        surface.blit(token, token.get_rect(center=(x, y)))
        x += 22


def _bar(surface: pygame.Surface, box: pygame.Rect, share: float, theme: Theme) -> None:
    pygame.draw.rect(surface, theme.bar, box, border_radius=3)
    color = GREEN if share > 0.6 else ORANGE if share > 0.3 else VERMILLION
    if share > 0:
        pygame.draw.rect(surface, color, (box.left, box.top, max(round(box.width * share), 2), box.height), 0, 3)


def _log(surface: pygame.Surface, box: pygame.Rect, lines: Sequence[Line], now: int, theme: Theme) -> None:
    """The newest line lowest; those of this turn bright, older ones fainter."""
    pygame.draw.line(surface, theme.panel_edge, box.topleft, box.topright)
    y, step = box.bottom - 8, 16
    for line in reversed(lines):
        color = theme.text if line.turn == now else theme.soft if line.turn >= now - 3 else theme.faint
        parts = wrap(line.text, SMALL, box.width - 2 * _PAD - 32)
        if y - step * len(parts) < box.top + 4:
            return
        y -= step * len(parts)
        if line.grave > 1 or line.told:
            paint = _GRAVE.get(line.grave, theme.soft) if not line.told else SKY
            pygame.draw.rect(surface, paint, (box.left + 5, y - 1, 3, step * len(parts) - 4), border_radius=1)
        number = write(str(line.turn), SMALL, theme.faint)
        surface.blit(number, number.get_rect(topright=(box.left + 36, y)))
        for k, part in enumerate(parts):
            surface.blit(write(part, SMALL, color), (box.left + 44, y + k * step))
        y -= 2


def _timeline(surface: pygame.Surface, place: Areas, heading: Heading, theme: Theme) -> None:
    """Ticks for turns with events, taller and more colorful the graver; flags for marks; the needle for now."""
    box, track = pygame.Rect(place.bottom), pygame.Rect(place.track)
    pygame.draw.rect(surface, theme.panel, box)
    pygame.draw.line(surface, theme.panel_edge, box.topleft, box.topright)
    pygame.draw.rect(surface, theme.bar, track, border_radius=5)
    span = max(heading.num_turns, 1)
    now = track.left + round(track.width * heading.position / span)
    pygame.draw.rect(surface, theme.faint, (track.left, track.top, now - track.left, track.height), border_radius=5)
    _best_play(surface, track, heading, theme)
    best: dict[int, int] = {}
    for turn, grave in heading.event_turns:
        x = track.left + round(track.width * turn / span)
        best[x] = max(best.get(x, 0), grave)
    for x, grave in sorted(best.items(), key=lambda item: item[1]):
        tall = 3 + 3 * grave
        pygame.draw.line(surface, _GRAVE.get(grave, theme.soft), (x, track.top - 2), (x, track.top - 2 - tall), 2)
    for turn, _ in heading.marks:
        x = track.left + round(track.width * turn / span)
        flag = YELLOW if theme.name == "dark" else VERMILLION
        pygame.draw.polygon(
            surface, flag, [(x, track.bottom + 2), (x - 5, track.bottom + 10), (x + 5, track.bottom + 10)]
        )
    pygame.draw.rect(surface, theme.text, (now - 2, track.top - 4, 5, track.height + 8), border_radius=2)
    _legend(surface, track, box, theme)


def _best_play(surface: pygame.Surface, track: pygame.Rect, heading: Heading, theme: Theme) -> None:
    """How far capture is under best play, as a curve: the higher the farther, at the top never. Dots are blunders."""
    most = max((left for _, left, _ in heading.exact), default=0)
    points = []
    for turn, left, _ in heading.exact:
        share = 1.0 if left < 0 else 0.8 * left / max(most, 1)
        points.append((track.left + track.width * turn / max(heading.num_turns, 1), track.bottom - 1 - 24 * share))
    if len(points) > 1:
        pygame.draw.lines(surface, SKY if theme.name == "dark" else BLUE, False, points, 2)
    for (x, y), (_, _, blunder) in zip(points, heading.exact, strict=True):
        if blunder:
            pygame.draw.circle(surface, VERMILLION, (x, y), 4)


def _legend(surface: pygame.Surface, track: pygame.Rect, box: pygame.Rect, theme: Theme) -> None:
    """Shapes of the sides and colors of the ticks, at the very bottom."""
    y = box.bottom - 10
    x = track.left + 6
    for side in Side:
        token = sprites.token(int(side), "", 6, -1, theme.ink)
        token.set_alpha(255)
        surface.blit(token, token.get_rect(center=(x, y)))
        face = write(SIDE_NAME[side], SMALL, theme.soft)
        surface.blit(face, face.get_rect(midleft=(x + 11, y)))
        x += face.get_width() + 34
    words = (("shapes", PURPLE), ("fights", ORANGE), ("ends", VERMILLION), ("? for help", SKY))
    x = track.right
    for word, color in reversed(words):
        face = write(word, SMALL, theme.soft)
        box = face.get_rect(midright=(x, y))
        surface.blit(face, box)
        pygame.draw.rect(surface, color, (box.left - 9, y - 5, 3, 10))
        x = box.left - 26
