"""The page plays the same frames as the window, and does what the keys say."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.viewer.browser import in_browser, needs_browser
from tests.viewer.fake import mall_replay

from pursuit.content.files.problems import ContentError
from pursuit.core.state import Status
from pursuit.core.world import Side
from pursuit.viewer.compose import compose
from pursuit.viewer.export import render
from pursuit.viewer.frame import EVERYTHING, Lens, View
from pursuit.viewer.keys import KEYS
from pursuit.viewer.moment import Moment
from pursuit.viewer.page.records import ACTS, book
from pursuit.viewer.reel import Reel
from pursuit.viewer.theme import SIDE_COLOR

POSITIONS = (0.0, 3.0, 7.25, 9.5, 12.75)


@pytest.fixture(scope="module")
def reel() -> Reel:
    return Reel(mall_replay())


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return render(mall_replay(), tmp_path_factory.mktemp("page") / "chase.html")


def test_a_page_carries_all_it_needs(page: Path) -> None:
    text = page.read_text("utf-8")
    assert "http://" not in text and "https://" not in text, "it must work offline"
    assert "<!--" not in text.replace("<!doctype", ""), "every part was filled in"
    assert page.stat().st_size < 2_000_000


def test_every_frame_is_told_in_full_or_by_what_changed(reel: Reel) -> None:
    told = book(reel)
    for view in told["views"]:
        assert len(view["frames"]) == reel.num_turns + 1
        lens = Lens.TRUTH if view["slot"] == EVERYTHING else Lens.SEEN
        whole: dict[str, object] = {}
        for turn, changed in enumerate(view["frames"]):
            whole |= changed
            frame = compose(reel, float(turn), View(view["slot"], lens))
            assert [body[6] for body in whole["b"]] == [body.status for body in frame.bodies]  # type: ignore[attr-defined, index]
            assert [reel.looks[body[1]] for body in whole["b"]] == [body.look for body in frame.bodies]  # type: ignore[attr-defined, index]


def test_a_mind_is_not_told_what_it_does_not_see(reel: Reel) -> None:
    for view in book(reel)["views"]:
        if view["slot"] == EVERYTHING:
            continue
        whole: dict[str, list[list[int]]] = {}
        for turn, changed in enumerate(view["frames"]):
            whole |= changed
            moment = Moment.at(reel, float(turn), View(view["slot"], Lens.SEEN))
            for body in whole["b"]:
                assert moment.eyes.shown[body[0]] or moment.eyes.left[body[0]]
                assert body[2] < 0 or moment.knows(body[0])


def test_a_page_plays_the_whole_replay(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="plays the whole replay"):
        render(mall_replay(), tmp_path / "a.html", turn=3)
    with pytest.raises(ContentError, match="cannot be written"):
        render(mall_replay(), tmp_path / "no" / "a.html")


def test_the_page_knows_the_window_s_keys(reel: Reel) -> None:
    told = {chord: act for chord, act, _, _ in book(reel)["keys"]}
    assert told == {key.chord: key.act.name for key in KEYS if key.act in ACTS}


@needs_browser
@pytest.mark.parametrize("viewpoint", [EVERYTHING, 0, 2])
def test_the_page_shows_what_the_window_shows(reel: Reel, page: Path, tmp_path: Path, viewpoint: int) -> None:
    script = f"""
      player.slot = {viewpoint};
      player.truth = {str(viewpoint == EVERYTHING).lower()};
      return {list(POSITIONS)}.map((position) => {{
        player.go(position);
        return player.moment().bodies.map((body) => [body.look, body.behind, body.status, ...body.at]);
      }});"""
    shown = in_browser(page, script, tmp_path)
    lens = Lens.TRUTH if viewpoint == EVERYTHING else Lens.SEEN
    for position, bodies in zip(POSITIONS, shown, strict=True):
        frame = compose(reel, position, View(viewpoint, lens))
        assert [reel.looks[body[0]] for body in bodies] == [body.look for body in frame.bodies]
        assert [body[1] >= 0 for body in bodies] == [body.behind is not None for body in frame.bodies]
        assert [body[2] for body in bodies] == [body.status for body in frame.bodies]
        if viewpoint == EVERYTHING:
            np.testing.assert_allclose([body[3:] for body in bodies], [body.at for body in frame.bodies], atol=0.1)


@needs_browser
def test_keys_play_step_seek_and_look(reel: Reel, page: Path, tmp_path: Path) -> None:
    script = """
      const told = {};
      press("ArrowRight"); told.next = player.position;
      press("ArrowRight", { shiftKey: true }); told.ten = player.position;
      press("ArrowLeft"); told.back = player.position;
      press("End"); told.end = player.position;
      press(" "); told.again = [player.playing, player.position]; press(" ");
      press("Home"); press("g"); press("1"); press("2"); press("Enter"); told.typed = player.position;
      press("ArrowRight", { ctrlKey: true }); told.event = player.position;
      press("ArrowUp"); told.speed = player.speed;
      press("d"); told.lens = player.truth; press("d");
      press("Tab"); told.view = player.slot; frame(); told.eye = document.querySelector("#eye").textContent;
      press("Tab", { shiftKey: true }); told.home = player.slot;
      press("v"); press("t"); press("e"); told.off = [player.vision, player.trails, player.events];
      press("l"); told.theme = document.body.dataset.theme;
      press("?"); told.help = document.querySelector("#help").open;
      press("Escape"); told.closed = document.querySelector("#help").open;
      player.go(5); frame(); told.clock = document.querySelector("#clock").textContent;
      document.querySelector('[data-act="NEXT"]').click(); told.button = player.position;
      press(" "); player.advance(0.2); told.played = player.position;
      return told;"""
    told = in_browser(page, script, tmp_path)
    last = reel.num_turns
    assert (told["next"], told["ten"], told["back"], told["end"]) == (1, 11, 10, last)
    assert told["again"] == [True, 0]
    assert told["typed"] == 12
    reel.scan(last)
    assert told["event"] == next(turn for turn, _ in reel.event_turns() if turn > 12)
    assert told["speed"] == 2 and told["lens"] is False
    first = int(np.flatnonzero(reel.state(12).status[0] == Status.WELL)[0])
    assert told["view"] == first and reel.looks[first].name in told["eye"] and told["home"] == EVERYTHING
    assert told["off"] == [False, False, False] and told["theme"] == "light"
    assert told["help"] is True and told["closed"] is False
    assert told["clock"].startswith(f"turn 5 / {last}")
    assert told["button"] == 6 and told["played"] > 6


@needs_browser
def test_the_page_paints_everybody(reel: Reel, page: Path, tmp_path: Path) -> None:
    """The middle of each token wears the color of its side, as in the window."""
    script = """
      player.go(5); frame(); frame();
      const canvas = document.querySelector("#map canvas"), c = canvas.getContext("2d");
      const ratio = window.devicePixelRatio, moment = player.moment();
      player.painter.paint(moment, player.camera, player.theme, player);
      return moment.bodies.map((body) => {
        const at = [body.spot[0], body.spot[1] + body.radius * 0.72].map((x) => Math.round(x * ratio));
        return [body.look, body.behind, body.status, [...c.getImageData(...at, 1, 1).data].slice(0, 3)];
      });"""
    told = in_browser(page, script, tmp_path)
    right = 0
    for look, behind, status, color in told:
        side = reel.looks[behind if behind >= 0 else look].side
        right += status == Status.WELL and np.allclose(color, SIDE_COLOR[Side(side)], atol=40)
    assert right >= sum(status == Status.WELL for _, _, status, _ in told) / 2, told
