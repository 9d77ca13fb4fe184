"""The classical rulesets: hop, capture, close."""

from __future__ import annotations

from pursuit.core.board import Mode
from pursuit.core.state import Status
from pursuit.core.world import Outcome, Ruleset, Side

from .table import Turn


def play(t: Turn) -> None:
    """One turn of `simultaneous`, or one ply of `alternating` or `lazy`."""
    before = list(t.now.node)
    name = t.book.world.ruleset.name
    _hop(t, name)
    _capture(t, before, name)
    _close(t, name)


def pursuer(t: Turn, agent: int) -> bool:
    return t.book.side[agent] == Side.HUNTER


def _hop(t: Turn, name: str) -> None:
    now, book = t.now, t.book
    before, moves = list(now.node), {}
    for agent in t.agents:
        goal = t.actions[agent].goal
        if not t.well(agent) or (name != "SIMULTANEOUS" and pursuer(t, agent) != (now.to_move == 0)):
            continue
        if not 0 <= goal < book.num_nodes or goal == now.node[agent]:
            t.seen[f"{name}: stay"] += 1
            continue
        slot = book.hop(Mode.FOOT, False, 0, now.node[agent], goal)
        if slot == 0:
            t.seen[f"{name}: goal out of reach"] += 1
            continue
        moves[agent] = book.neighbor[now.node[agent]][slot]
    if name == "LAZY" and now.to_move == 0 and len(moves) > 1:
        t.seen["LAZY: only the lowest moves"] += 1
        moves = {min(moves): moves[min(moves)]}
    for agent, node in moves.items():
        now.node[agent] = node
    now.path = [[start, end] for start, end in zip(before, now.node, strict=True)]


def _capture(t: Turn, before: list[int], name: str) -> None:
    now, book = t.now, t.book
    caught = set()
    for quarry in t.agents:
        for hunter in t.agents:
            if not book.quarry[quarry] or not t.well(quarry) or not pursuer(t, hunter) or not t.well(hunter):
                continue
            here, there = now.node[hunter], now.node[quarry]
            if here == there:
                t.seen[f"{name}: captured on the node"] += 1
                caught.add(quarry)
            elif book.world.capture_hops == 1 and (_edge(t, here, there) or _edge(t, there, here)):
                t.seen[f"{name}: captured within a hop"] += 1
                caught.add(quarry)
            elif name == "SIMULTANEOUS" and here == before[quarry] and there == before[hunter]:
                t.seen[f"{name}: captured by crossing"] += 1
                caught.add(quarry)
    for quarry in caught:
        now.status[quarry] = Status.CAPTURED


def _edge(t: Turn, a: int, b: int) -> bool:
    return b in t.book.neighbor[a][1 : t.book.degree[a]]


def _close(t: Turn, name: str) -> None:
    now, book = t.now, t.book
    quarry = [a for a in t.agents if book.quarry[a]]
    for agent in quarry:
        if t.well(agent) and book.exits[book.side[agent]][now.node[agent]]:
            t.seen[f"{name}: left"] += 1
            now.status[agent] = Status.LEFT
    pursuers_ply = now.to_move == 0
    if name == "SIMULTANEOUS":
        now.turn += 1
    else:
        now.turn += 1 if pursuers_ply else 0
        now.to_move = 1 - now.to_move
    status = [now.status[a] for a in quarry]
    if all(s == Status.CAPTURED for s in status):
        now.outcome = int(Outcome.QUARRY_CAPTURED)
    elif Status.WELL not in status and Status.LEFT in status:
        now.outcome = int(Outcome.QUARRY_ESCAPED)
    elif now.turn >= book.world.turns and (name == "SIMULTANEOUS" or not pursuers_ply):
        now.outcome = int(Outcome.TURN_LIMIT)
    if now.outcome != -1:
        t.seen[f"{name}: outcome {Outcome(now.outcome).name}"] += 1
        now.ended = True
    look(t)


def look(t: Turn) -> None:
    """Rows are slots; -1 for who is not WELL, out of sight, or a mate."""
    now = t.now
    for mind, row in enumerate(now.row):
        members = [a for a in t.agents if now.mind[a] == mind and t.well(a)]
        for agent in t.agents:
            in_sight = any(t.sees(now.node[a], now.node[agent]) for a in members)
            row[agent] = agent if in_sight and t.well(agent) and now.mind[agent] != mind else -1


def is_classical(t: Turn) -> bool:
    return t.book.world.ruleset != Ruleset.STORY
