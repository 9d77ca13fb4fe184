"""The scenario of a replay, made again from what its head embeds."""

from __future__ import annotations

from typing import cast

from pursuit.content.problems import ContentError, fail
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
    try:
        texts = {role: text.text for role, text in head.texts.items()}
        scenario = scenario_from_texts(texts, cast("Line", head.line), head.params)
    except ContentError as error:
        raise fail("damaged-replay", f"the scenario embedded in the replay cannot be used:\n{error}") from None
    names = tuple(player.agent for player in head.agents)
    if names != scenario.world.agent_name:
        raise fail("damaged-replay", "the replay names other agents than the scenario that it embeds")
    return scenario
