"""Who reaches what in the phase handle, and who of several comes first."""

from __future__ import annotations

from collections.abc import Callable

from pursuit.core.rng import Stream
from pursuit.core.state import Mark, Refusal, Verb

from .table import Turn


def reaching(t: Turn, verbs: tuple[Verb, ...], reach: Callable[[int], bool]) -> dict[int, list[int]]:
    """Who is upright, chose one of the verbs and is near enough, by object; the others are refused."""
    found: dict[int, list[int]] = {}
    for agent in t.agents:
        if t.actions[agent].verb not in verbs:
            continue
        if not t.upright(agent):
            t.seen["hands: no longer upright"] += 1
        elif reach(agent):
            found.setdefault(t.actions[agent].object, []).append(agent)
        else:
            t.refuse(agent, Refusal.TOO_FAR)
    return found


def winner(t: Turn, candidates: list[int], stream: Stream) -> int:
    """Of several the lowest draw, then the lowest slot; the others are refused."""
    if len(candidates) == 1:
        return candidates[0]
    _, winner = min((t.draw(stream, agent, 1 << 32), agent) for agent in candidates)
    for agent in candidates:
        if agent != winner:
            t.refuse(agent, Refusal.CONTESTED)
    return winner


def link_minds(t: Turn, agent: int, target: int) -> None:
    """Everybody of the target's mind joins the agent's, unless they are of one."""
    now = t.now
    host, guest = now.mind[agent], now.mind[target]
    if host != guest:
        now.mind = [host if mind == guest else mind for mind in now.mind]
        now.knows[host] |= now.knows[guest]
        t.mark(agent, Mark.LINKED)
        t.mark(target, Mark.LINKED)
