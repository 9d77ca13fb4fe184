"""The gallery: a page of pictures, and the one that is checked in."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from pursuit.content.files.problems import ContentError
from pursuit.content.scenario import load_scenario, scenario_names
from pursuit.viewer.gallery import SIZE, write_gallery

DOCS = Path(__file__).parents[2] / "docs"


def test_a_page_names_its_pictures(tmp_path: Path) -> None:
    scenario = load_scenario("duel_grid")
    (picture,) = write_gallery([scenario], tmp_path / "page")
    page = (tmp_path / "page/gallery.md").read_text("utf-8")
    assert f"## {scenario.title}" in page
    assert f"(gallery/{picture.name})" in page
    with Image.open(picture) as image:
        assert image.size == SIZE
        assert image.mode == "P"


def test_a_mark_that_nobody_sets_is_an_error(tmp_path: Path) -> None:
    text = 'id = "a"\ntitle = "A"\nmap = "grid:3x3"\nruleset = "lazy"\nturns = 9\npicture = "the end"\n'
    cast = '[[agent]]\nid = "h"\nkind = "piece"\nside = "hunter"\nat = "@anywhere"\n'
    cast += '[[agent]]\nid = "q"\nkind = "piece"\nside = "guardian"\nat = "@anywhere"\nquarry = true\n'
    (tmp_path / "a.toml").write_text(text + cast)
    with pytest.raises(ContentError, match="'the end' is not a mark"):
        load_scenario(tmp_path / "a.toml")


@pytest.mark.parametrize("name", scenario_names())
def test_the_page_that_is_checked_in_shows_every_scenario(name: str) -> None:
    picture = DOCS / "gallery" / f"{name}.png"
    assert f"](gallery/{name}.png)" in (DOCS / "gallery.md").read_text("utf-8")
    assert picture.stat().st_size < 60_000
