"""The scenario of a replay, made again from what its head embeds."""

from __future__ import annotations

from functools import lru_cache
from typing import cast

from pursuit.content.files.problems import ContentError, fail
from pursuit.content.scenario import Line, Scenario, scenario_from_texts
from pursuit.play.record import text_hash
from pursuit.play.records import Head


def rebuild(head: Head) -> Scenario:
    """The scenario that was played. Raises ContentError if an embedded text is missing, changed or broken."""
    for role, text in head.texts.items():
        if text_hash(text.text) != text.hash:
            raise fail("damaged-replay", f"the {role} embedded in the replay does not match its hash")
    if "scenario" not in head.texts:
        raise fail("damaged-replay", "the replay embeds no scenario")
    if head.line not in ("film", "open"):
        raise fail("damaged-replay", f"the replay is of the line {head.line!r}, which is neither film nor open")
    texts = tuple((role, text.text) for role, text in sorted(head.texts.items()))
    scenario = _made(texts, cast("Line", head.line), tuple(head.params.items()))
    if tuple(player.agent for player in head.agents) != scenario.world.agent_name:
        raise fail("damaged-replay", "the replay names other agents than the scenario that it embeds")
    return scenario


@lru_cache(maxsize=4)
def _made(
    texts: tuple[tuple[str, str], ...], line: Line, params: tuple[tuple[str, int | float | str | bool], ...]
) -> Scenario:
    """Kept for whoever opens several replays of one scenario, or one again."""
    try:
        return scenario_from_texts(dict(texts), line, dict(params))
    except ContentError as error:
        raise fail("damaged-replay", f"the scenario embedded in the replay cannot be used:\n{error}") from None
