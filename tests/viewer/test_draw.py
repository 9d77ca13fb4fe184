"""Drawing is pure and needs no display."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pygame
import pytest
from tests.viewer.fake import mall, mall_replay

from pursuit.content.files.problems import ContentError
from pursuit.viewer import ground as ground_module
from pursuit.viewer.app import Window
from pursuit.viewer.camera import Camera, Follower
from pursuit.viewer.clip import Cut, positions
from pursuit.viewer.compose import compose
from pursuit.viewer.draw import body_at
from pursuit.viewer.export import paint, render
from pursuit.viewer.frame import Lens, View
from pursuit.viewer.layout import lay_out
from pursuit.viewer.panel import areas, turn_at
from pursuit.viewer.reel import Reel
from pursuit.viewer.scene import draw_scene
from pursuit.viewer.text import Space, cut, measure, wrap
from pursuit.viewer.theme import DARK, LIGHT

SIZE = (1280, 800)


@pytest.fixture(scope="module")
def reel() -> Reel:
    return Reel(mall_replay())


def _bytes(surface: pygame.Surface) -> bytes:
    return pygame.image.tobytes(surface, "RGB")


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_the_same_frame_gives_the_same_pixels(reel: Reel, theme: str) -> None:
    frame = compose(reel, 9.4)
    first = _bytes(paint(frame, SIZE, theme))
    for other in (3, 20.5):
        paint(compose(reel, other, View(2, Lens.SEEN)), SIZE, theme)
    assert _bytes(paint(compose(reel, 9.4), SIZE, theme)) == first
    ground_module._kept.clear()
    assert _bytes(paint(frame, SIZE, theme)) == first, "kept layers change nothing"


def test_other_frames_give_other_pixels(reel: Reel) -> None:
    pictures = {_bytes(paint(compose(reel, turn), SIZE)) for turn in (0, 5, 5.5, 12)}
    pictures.add(_bytes(paint(compose(reel, 5, View(2)), SIZE)))
    pictures.add(_bytes(paint(compose(reel, 5, View(2, Lens.SEEN)), SIZE)))
    pictures.add(_bytes(paint(compose(reel, 5), SIZE, "light")))
    assert len(pictures) == 7


def test_the_timeline_shows_how_far_capture_is() -> None:
    judged = {turn: (-1 if turn > 20 else 20 - turn, 0, turn == 21) for turn in range(1, 31)}
    plain, told = Reel(mall_replay()), Reel(replace(mall_replay(), judged=judged))
    told.scan(told.num_turns), plain.scan(plain.num_turns)
    pictures = [paint(compose(each, 9), SIZE) for each in (plain, told)]
    box = pygame.Rect(areas(SIZE).bottom)
    assert _bytes(pictures[0].subsurface(box)) != _bytes(pictures[1].subsurface(box))
    above = (0, 0, SIZE[0], box.top)
    assert _bytes(pictures[0].subsurface(above)) == _bytes(pictures[1].subsurface(above))


def test_what_was_on_the_surface_does_not_shine_through(reel: Reel) -> None:
    frame = compose(reel, 7)
    one, two = pygame.Surface(SIZE), pygame.Surface(SIZE)
    two.fill((255, 0, 255))
    draw_scene(one, frame)
    draw_scene(two, frame)
    assert _bytes(one) == _bytes(two)


@pytest.mark.parametrize("size", [(320, 240), (700, 500), (1920, 1080)])
def test_any_size_any_turn_any_camera(reel: Reel, size: tuple[int, int]) -> None:
    surface = pygame.Surface(size)
    camera = Camera.fit(reel.layout.box, areas(size).map)
    for turn in range(0, reel.num_turns, 7):
        for factor in (0.1, 1.0, 6.0):
            draw_scene(surface, compose(reel, turn + 0.6, View(turn % 9, plans=True)), camera.zoom(factor, 200, 150))


def test_no_display_is_opened(reel: Reel) -> None:
    paint(compose(reel, 1), SIZE)
    assert not pygame.display.get_init()


def test_zoom_keeps_the_point_under_the_pointer() -> None:
    camera = Camera((0, 46, 960, 700), (40.0, 30.0), 2.0)
    before = camera.to_world(321, 456)
    assert camera.zoom(1.7, 321, 456).to_world(321, 456) == pytest.approx(before)
    assert camera.pan(10, -4).to_world(331, 452) == pytest.approx(camera.to_world(321, 456))
    back = camera.to_screen(np.array([before]))[0]
    assert back.tolist() == pytest.approx([321, 456])


def test_a_following_camera_sets_out_late_and_arrives() -> None:
    start = Camera((0, 46, 960, 700), (40.0, 30.0), 2.0)
    follower = Follower()
    assert follower.next(start, start, 0.5) == start
    near_by = Camera(start.rect, (50.0, 30.0), 2.1)
    assert follower.next(start, near_by, 0.5) == start, "too near to set out for"
    far = Camera(start.rect, (400.0, -30.0), 4.0)
    camera = start
    for _ in range(40):
        camera = follower.next(camera, far, 0.5)
    assert camera == far


def test_floors_lie_apart() -> None:
    layout = lay_out(mall())
    ground, upper = layout.floors
    assert ground.level == 0 and upper.level == 1
    assert upper.box[0] >= ground.box[2] or upper.box[3] <= ground.box[1]
    board = mall()
    left, low, right, high = upper.box
    inside = layout.node_xy[board.level == 1]
    assert ((inside > (left, low)) & (inside < (right, high))).all()


def test_labels_find_free_places_only() -> None:
    room = Space(pygame.Rect(0, 0, 200, 200))
    places = [room.find((60, 14), 100, 100, 10) for _ in range(30)]
    found = [place for place in places if place is not None]
    assert 4 <= len(found) < 30
    assert all(place.collidelist(found[:k]) < 0 for k, place in enumerate(found))


def test_text_is_cut_and_wrapped_to_fit() -> None:
    assert cut("short", 18, 200) == "short"
    assert measure(cut("a rather long line of text", 18, 60), 18) <= 60
    lines = wrap("a rather long line of text", 18, 70)
    assert len(lines) > 1 and all(measure(line, 18) <= 70 for line in lines)
    assert " ".join(lines) == "a rather long line of text"


def test_the_timeline_stands_for_turns() -> None:
    place = areas(SIZE)
    left, _, wide, _ = place.track
    assert turn_at(place, 40, left) == 0 and turn_at(place, 40, left + wide) == 40
    assert turn_at(place, 40, -50) == 0 and turn_at(place, 40, 5000) == 40


def test_a_picture_is_written(tmp_path: Path) -> None:
    path = render(mall_replay(), tmp_path / "turn.png", turn=3, size=(640, 400))
    assert pygame.image.load(str(path)).get_size() == (640, 400)


def test_a_clip_is_written(tmp_path: Path) -> None:
    image = pytest.importorskip("PIL.Image")
    path = render(mall_replay(), tmp_path / "clip.gif", turns=(2, 4), size=(480, 320))
    with image.open(path) as clip:
        assert clip.n_frames == 11 and clip.size == (480, 320)


@pytest.mark.parametrize(
    ("name", "wishes", "code"),
    [
        ("x.jpg", {}, "bad-ending"),
        ("x.png", {"turn": 4000}, "no-such-turn"),
        ("x.png", {"turns": (1, 2)}, "bad-range"),
        ("x.gif", {"turns": (5, 2)}, "bad-range"),
        ("x.gif", {"turns": (5, 999)}, "no-such-turn"),
        ("x.png", {"size": (20, 20)}, "bad-size"),
        ("x.png", {"theme": "pink"}, "unknown-theme"),
        ("no/such/folder/x.png", {}, "cannot-write"),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_a_sentence(
    tmp_path: Path, name: str, wishes: dict[str, object], code: str
) -> None:
    with pytest.raises(ContentError, match=code):
        render(mall_replay(), tmp_path / name, **wishes)  # type: ignore[arg-type]


def test_the_window_obeys_keys_without_being_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    window = Window([mall_replay(), mall_replay(12, 3)], SIZE)
    surface = pygame.Surface(SIZE)
    typed = "g 7 return"
    chords = f"right shift+right ctrl+right tab d a v t e m ? ? shift+m escape {typed} l f f z s"
    for chord in chords.split():
        window.press(chord)
        window.paint(surface)
    assert window.player.turn == 7 and window.theme is LIGHT
    assert [path.name for path in tmp_path.iterdir()] == [f"galleria-seed{mall_replay().seed}-turn7.png"]
    window.press("n")
    assert window.player.reel.num_turns <= 12
    window.press("p")
    window.press("l")
    assert window.player.reel.num_turns == mall_replay().num_turns and window.theme is DARK
    window.press("escape")
    window.press("x")
    assert window.player.overlay == "", "any other key stays"
    window.press("escape")
    window.press("escape")
    assert window.player.wants_quit


def test_the_mouse_drags_map_and_time_and_zooms() -> None:
    window = Window([mall_replay()], SIZE)
    surface = pygame.Surface(SIZE)
    window.paint(surface)
    before = window.camera
    window.handle(pygame.event.Event(pygame.MOUSEBUTTONDOWN, button=1, pos=(300, 300)))
    window.handle(pygame.event.Event(pygame.MOUSEMOTION, pos=(330, 300), rel=(30, 0), buttons=(1, 0, 0)))
    window.handle(pygame.event.Event(pygame.MOUSEBUTTONUP, button=1, pos=(330, 300)))
    assert window.camera == before.pan(30, 0)
    left, top, wide, _ = areas(SIZE).track
    window.handle(pygame.event.Event(pygame.MOUSEBUTTONDOWN, button=1, pos=(left + wide, top + 2)))
    assert window.player.turn == window.player.reel.num_turns
    window.press("z")
    assert window.camera == before
    window.paint(pygame.Surface((900, 600)))
    assert window.camera.rect == areas((900, 600)).map


def test_a_clip_rests_on_fights_and_goes_as_fast_as_asked(reel: Reel) -> None:
    reel.scan(reel.num_turns)
    plain = positions(reel, Cut((0, reel.num_turns)), 10)
    assert plain[0] == 0 and plain[-1] == reel.num_turns and plain == sorted(plain)
    assert len(positions(reel, Cut((0, reel.num_turns), speed=2.5), 10)) * 2 < len(plain)
    held = positions(reel, Cut((0, reel.num_turns), hold=0.5), 10)
    fights = sum(gravity >= 3 for _, gravity in reel.event_turns())
    assert fights and len(held) == len(plain) + 5 * fights


def test_a_video_has_the_pictures_of_its_turns(tmp_path: Path) -> None:
    av = pytest.importorskip("av")
    path = render(mall_replay(), tmp_path / "a.mp4", turns=(3, 5), size=(320, 240))
    with av.open(str(path)) as video:
        assert sum(1 for _ in video.decode(video=0)) == 2 * 15 + 1
    with pytest.raises(ContentError, match="even number"):
        render(mall_replay(), tmp_path / "b.mp4", turns=(3, 5), size=(321, 240))
    with pytest.raises(ContentError, match=r"speed of 0\.05"):
        render(mall_replay(), tmp_path / "b.gif", turns=(3, 5), speed=0)


def test_a_click_follows_an_agent_and_hovering_tells_its_state() -> None:
    window = Window([mall_replay()], SIZE)
    surface = pygame.Surface(SIZE)
    window.player.go(6)
    window.paint(surface)
    bare = _bytes(surface)
    frame = window.player.frame()
    body = next(body for body in frame.bodies if body.ride < 0 and body.offset == (0, 0))
    spot = tuple(round(x) for x in window.camera.spot(body.at))
    found = body_at(frame, window.camera, spot)
    assert found is not None
    window.handle(pygame.event.Event(pygame.MOUSEMOTION, pos=spot, rel=(0, 0), buttons=(0, 0, 0)))
    window.paint(surface)
    assert _bytes(surface) != bare, "a note lies beside the pointer"
    fits = window.camera
    for _ in range(2):
        window.handle(pygame.event.Event(pygame.MOUSEBUTTONDOWN, pos=spot, button=1))
        window.handle(pygame.event.Event(pygame.MOUSEBUTTONUP, pos=spot, button=1))
        for _ in range(60):
            window.pass_time(0.05)
        if window.camera.scale > fits.scale:
            assert window.camera.center == pytest.approx(found.at, abs=0.5)
            spot = tuple(round(x) for x in window.camera.spot(found.at))
    assert window.camera.scale == pytest.approx(fits.scale), "the second click lets go"
    assert body_at(frame, window.camera, (3, 60)) is None


def test_a_clip_that_is_broken_off_leaves_nothing_behind(tmp_path: Path) -> None:
    def stop(number: int, _: int) -> None:
        if number == 4:
            raise KeyboardInterrupt

    (tmp_path / "a.gif").write_bytes(b"kept")
    with pytest.raises(KeyboardInterrupt):
        render(mall_replay(), tmp_path / "a.gif", turns=(0, 5), size=(320, 240), on_picture=stop)
    assert [path.name for path in tmp_path.iterdir()] == ["a.gif"] and (tmp_path / "a.gif").read_bytes() == b"kept"
