"""The window: takes keys and the mouse to the player, draws what it says. All state but the camera is the player's."""

from __future__ import annotations

import os
from collections.abc import Sequence
from enum import Enum, auto
from pathlib import Path

import pygame

from pursuit.content.files.problems import ContentError, fail
from pursuit.play.replay import Replay as Recorded
from pursuit.viewer.camera import Camera, Follower
from pursuit.viewer.draw import body_at
from pursuit.viewer.export import render
from pursuit.viewer.frame import Frame
from pursuit.viewer.keys import ACTS, Act
from pursuit.viewer.onward import Onward
from pursuit.viewer.panel import areas, seed_box, turn_at
from pursuit.viewer.player import Player
from pursuit.viewer.reel import Reel
from pursuit.viewer.scene import draw_help, draw_list, draw_scene, draw_tip, draw_toast, near, whole
from pursuit.viewer.source import Replay
from pursuit.viewer.theme import DARK, LIGHT

_SIZE = (1280, 800)
_FRAMES_A_SECOND = 60
_TOAST_SECONDS = 2.5
_HALF_WAY = 0.18
"""Seconds in which the camera comes half the way to what it follows."""
_UNSEEN = ("offscreen", "dummy")
"""What SDL falls back on where there is no display."""


def play(replay: Replay, *others: Replay, autoplay: bool = True) -> None:
    """Open a window on a replay and stay until it is closed; `others` are reached with n and p.

    Raises ContentError where no window can be opened.
    """
    surface = _open_display()
    try:
        pygame.key.set_repeat(300, 60)
        window = Window((replay, *others), surface.get_size())
        window.player.playing = autoplay
        clock = pygame.time.Clock()
        while not window.player.wants_quit:
            seconds = clock.tick(_FRAMES_A_SECOND) / 1000
            for event in pygame.event.get():
                window.handle(event)
            window.pass_time(seconds)
            window.paint(pygame.display.get_surface() or surface)
            pygame.display.flip()
    finally:
        pygame.display.quit()


def _open_display() -> pygame.Surface:
    """A window's surface. Raises ContentError where there is no display that somebody could look at."""
    try:
        pygame.display.init()
        unseen = pygame.display.get_driver() in _UNSEEN and "SDL_VIDEODRIVER" not in os.environ
        if not unseen:
            return pygame.display.set_mode(_SIZE, pygame.RESIZABLE)
        reason = "there is no display"
    except pygame.error as error:
        reason = str(error)
    pygame.display.quit()
    advice = "draw pictures with `pursuit replay render`, or tell the story with `pursuit replay play --text`"
    raise fail("no-display", f"no window can be opened ({reason}); {advice}")


def chord_of(event: pygame.event.Event) -> str:
    """A key press as the table of keys writes it."""
    if event.unicode == "?":
        return "?"
    name = pygame.key.name(event.key)
    if event.key == pygame.K_KP_ENTER:
        name = "return"
    elif event.unicode.isdigit():  # the number pad has names of its own
        name = event.unicode
    mods = ("ctrl+" if event.mod & pygame.KMOD_CTRL else "") + ("shift+" if event.mod & pygame.KMOD_SHIFT else "")
    return mods + name


class Aim(Enum):
    """What the camera keeps in view."""

    WHOLE = auto()
    CHASE = auto()
    ONE = auto()  # the agent that was clicked
    FREE = auto()  # wherever the mouse left it


class Window:
    """What the window adds to a player: camera, theme, mouse, short messages, several replays."""

    def __init__(self, replays: Sequence[Replay], size: tuple[int, int]) -> None:
        self.replays = tuple(replays)
        self.size = size
        self.theme = DARK
        self._place = 0
        self._toast, self._toast_left = "", 0.0
        self._dragging, self._moved = "", False
        self._pointer: tuple[int, int] | None = None
        self._frame: Frame | None = None
        self._onward: Onward | None = None
        self._open(0)

    def _open(self, place: int) -> None:
        """Show one of the replays from its start."""
        self._place = place % len(self.replays)
        self.player = Player(Reel(self.replays[self._place]))
        self.camera = whole(self.player.reel.layout, self.size)
        self._aim = Aim.WHOLE
        self._followed = -1
        self._follower = Follower()
        title = self.player.reel.world.title
        if pygame.display.get_init() and pygame.display.get_surface():
            pygame.display.set_caption(f"{title} - pursuit")
        if len(self.replays) > 1:
            self.say(f"{title}: replay {self._place + 1} of {len(self.replays)}")

    def say(self, text: str) -> None:
        """Show a line at the foot of the map for a moment."""
        self._toast, self._toast_left = text, _TOAST_SECONDS

    def pass_time(self, seconds: float) -> None:
        """Let time pass for the player and the message."""
        self.player.advance(seconds)
        self._toast_left -= seconds
        if self._frame is not None and self._aim != Aim.FREE:
            slot = self._followed if self._aim == Aim.ONE else -1
            is_whole = self._aim == Aim.WHOLE
            goal = whole(self._frame.layout, self.size) if is_whole else near(self._frame, self.size, slot)
            self.camera = self._follower.next(self.camera, goal, 1 - 0.5 ** (seconds / _HALF_WAY))

    def paint(self, surface: pygame.Surface) -> None:
        """Draw the player's frame, and over it what is open."""
        if surface.get_size() != self.size:
            self._resize(surface.get_size())
        self._frame = self.player.frame()
        draw_scene(surface, self._frame, self.camera, self.theme)
        player = self.player
        if not player.overlay:
            self._tip(surface)
        if player.overlay == "help":
            draw_help(surface, self.theme)
        elif player.overlay == "marks":
            lines = [f"turn {turn}   {name}" for turn, name in player.all_marks()]
            draw_list(surface, "Marks", lines or ["none yet: m marks a turn"], self.theme)
        elif player.overlay == "quit":
            draw_list(surface, "Quit?", ["Esc again quits, any other key stays"], self.theme)
        if self._onward is not None:
            draw_list(surface, self._onward.title, self._onward.lines(), self.theme)
        if player.typed is not None:
            draw_toast(surface, f"go to turn {player.typed}_", self.theme)
        elif self._toast_left > 0:
            draw_toast(surface, self._toast, self.theme)

    def handle(self, event: pygame.event.Event) -> None:
        """One event of the window system."""
        if event.type == pygame.QUIT:
            self.player.wants_quit = True
        elif event.type == pygame.KEYDOWN:
            self.press(chord_of(event))
        elif event.type == pygame.MOUSEWHEEL:
            self._zoom(event.precise_y or event.y)
        elif event.type == pygame.MOUSEBUTTONDOWN and event.button == 1:
            self._grab(event.pos)
        elif event.type == pygame.MOUSEBUTTONUP and event.button == 1:
            if self._dragging == "map" and not self._moved:
                self._pick(event.pos)
            self._dragging = ""
        elif event.type == pygame.MOUSEMOTION and self._dragging:
            self._moved = True
            self._drag(event.pos, event.rel)
        if event.type == pygame.MOUSEMOTION:
            self._pointer = event.pos

    def press(self, chord: str) -> None:
        """A key, as the table writes it. What the table does not know does nothing."""
        if self.player.digit(chord) or self._play_on(chord):
            return
        act = ACTS.get(chord)
        if act is None or (self.player.overlay == "quit" and act != Act.CLOSE):
            self.player.overlay = "" if self.player.overlay == "quit" else self.player.overlay
            return
        if self.player.act(act):
            if self.player.message:
                self.say(self.player.message)
                self.player.message = ""
            return
        match act:
            case Act.WHOLE:
                self.camera, self._aim = whole(self.player.reel.layout, self.size), Aim.WHOLE
            case Act.FOLLOW:
                self._aim = Aim.WHOLE if self._aim == Aim.CHASE else Aim.CHASE
            case Act.LIGHT:
                self.theme = LIGHT if self.theme is DARK else DARK
            case Act.NEXT_REPLAY:
                self._open(self._place + 1)
            case Act.LAST_REPLAY:
                self._open(self._place - 1)
            case Act.ONWARD:
                self._begin_onward()
            case Act.PICTURE | Act.CLIP:
                self._save(act)

    def _begin_onward(self) -> None:
        """Open the sheet for playing on from the turn shown."""
        replay, turn = self.player.reel.replay, self.player.turn
        if not isinstance(replay, Recorded):
            self.say("only a replay that was read from a file can be played on")
        elif replay.state(turn).ended.all():
            self.say("the episode is over here: go back some turns to play on")
        else:
            self.player.playing = False
            self._onward = Onward(replay, turn)

    def _play_on(self, chord: str) -> bool:
        """A key for the sheet of playing on, if it is open; Esc closes it."""
        sheet = self._onward
        if sheet is None:
            return False
        if chord == "escape":
            self._onward = None
            return True
        known = sheet.press(chord)
        if sheet.message:
            self.say(sheet.message)
            self._onward = None
        elif sheet.opened is not None:
            self._onward = None
            self.replays = (*self.replays, sheet.opened)
            self._open(len(self.replays) - 1)
        return known

    def _save(self, act: Act) -> None:
        player = self.player
        name = f"{player.reel.world.name}-seed{player.reel.replay.seed}"
        clip = player.clip()
        try:
            if act == Act.PICTURE:
                path = Path(f"{name}-turn{player.turn}.png")
                pygame.image.save(self._picture(), str(path))
            elif clip is None:
                self.say("a clip runs between two marks: set them with m")
                return
            else:
                path = Path(f"{name}-turns{clip[0]}-{clip[1]}.gif")
                render(player.reel.replay, path, turns=clip, view=player.view, theme=self.theme.name)
        except (OSError, pygame.error, ContentError) as error:
            self.say(f"not saved: {error}")
            return
        self.say(f"saved {path}")

    def _picture(self) -> pygame.Surface:
        """What the window shows, without what lies over it."""
        surface = pygame.Surface(self.size)
        draw_scene(surface, self.player.frame(), self.camera, self.theme)
        return surface

    def _zoom(self, steps: float) -> None:
        x, y = pygame.mouse.get_pos()
        if pygame.Rect(self.camera.rect).collidepoint(x, y):
            self.camera, self._aim = self.camera.zoom(1.18**steps, x, y), Aim.FREE

    def _pick(self, spot: tuple[int, int]) -> None:
        """Follow whom the pointer is on; whoever is followed already is let go."""
        body = body_at(self._frame, self.camera, spot) if self._frame is not None else None
        if body is not None:
            again = self._aim == Aim.ONE and self._followed == body.slot
            self._aim, self._followed = (Aim.WHOLE, -1) if again else (Aim.ONE, body.slot)

    def _tip(self, surface: pygame.Surface) -> None:
        """What is known of whom the pointer rests on."""
        if self._frame is None or self._pointer is None or self._dragging:
            return
        if not pygame.Rect(self.camera.rect).collidepoint(self._pointer):
            return
        body = body_at(self._frame, self.camera, self._pointer)
        if body is not None:
            entry = next((entry for entry in self._frame.entries if entry.slot == body.slot), None)
            if entry is not None:
                draw_tip(surface, entry, self._pointer, self.theme)

    def _grab(self, spot: tuple[int, int]) -> None:
        self._moved = False
        place = areas(self.size)
        if self._frame is not None and seed_box(self._frame.heading, self.theme).inflate(8, 8).collidepoint(spot):
            self._copy_command()
        elif pygame.Rect(place.map).collidepoint(spot):
            self._dragging = "map"
        elif pygame.Rect(place.track).inflate(16, 24).collidepoint(spot):
            self._dragging = "time"
            self._drag(spot, (0, 0))

    def _drag(self, spot: tuple[int, int], moved: tuple[int, int]) -> None:
        if self._dragging == "map":
            self.camera, self._aim = self.camera.pan(*moved), Aim.FREE
        else:
            self.player.go(round(turn_at(areas(self.size), self.player.reel.num_turns, spot[0])))

    def _copy_command(self) -> None:
        command = self.player.reel.replay.command
        try:
            pygame.scrap.put_text(command)
        except (AttributeError, pygame.error):
            self.say(command)
        else:
            self.say(f"copied: {command}")

    def _resize(self, size: tuple[int, int]) -> None:
        self.size = size
        fitted = whole(self.player.reel.layout, size)
        self.camera = fitted if self._aim == Aim.WHOLE else Camera(fitted.rect, self.camera.center, self.camera.scale)
