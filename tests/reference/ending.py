"""Phase close: exits, clock, links, who sees whom, outcome."""

from __future__ import annotations

from itertools import pairwise

from pursuit.core.rng import Stream
from pursuit.core.state import PUBLIC_MARKS, Gait, Status, Verb
from pursuit.core.world import Hazard, Outcome, Side

from .table import Turn


def close(t: Turn) -> None:
    """The end of a turn."""
    now, book = t.now, t.book
    for agent in t.agents:
        if t.well(agent) and book.exits[book.side[agent]][now.node[agent]]:
            t.seen["left on foot" if t.on_foot(agent) else "left riding"] += 1
            now.status[agent] = Status.LEFT
            t.fall_off(agent)
    now.turn += 1
    for agent in t.agents:
        idle = t.present(agent) and now.gait[agent] == Gait.STILL and now.did[agent] == Verb.WAIT
        now.still[agent] = now.still[agent] + 1 if idle else 0
    link(t)
    look(t, fresh=False)
    judge(t)


def can_see(t: Turn, a: int, b: int) -> bool:
    """Whether agent a sees agent b."""
    now = t.now
    if not t.well(a) or not t.present(b):
        return False
    if now.guise[b] >= t.book.num_agents:
        t.seen["an object is not noticed"] += 1
        return False
    kinds = zip(t.book.hazard_kind, t.book.hazard_nodes, strict=True)
    in_vat = any(kind == Hazard.MELTS and nodes[now.node[b]] for kind, nodes in kinds)
    if now.status[b] == Status.DEAD and in_vat:
        t.seen["what sank is not seen"] += 1
        return False
    return t.sees(now.node[a], now.node[b])


def nets(t: Turn, agent: int) -> set[int]:
    """Home sides of the radios an agent carries."""
    now, book = t.now, t.book
    found = {book.item_net[i] for i in range(book.num_items) if now.holder[i] == agent}
    if now.ride[agent] >= 0 and now.seat[agent] >= 0:
        found.add(book.vehicle_net[now.ride[agent]])
    return found - {-1}


def link(t: Turn) -> None:
    """Members that no chain of links joins drop out of a mind."""
    now = t.now
    for mind in range(t.book.num_minds):
        waiting = [agent for agent in t.agents if now.mind[agent] == mind and t.well(agent)]
        groups = []
        while waiting:
            group, grown = [waiting.pop(0)], True
            while grown:
                joined = [b for b in waiting if any(_linked(t, a, b) for a in group)]
                grown = bool(joined)
                group += joined
                waiting = [b for b in waiting if b not in joined]
            groups.append(sorted(group))
        for group in groups[1:]:
            t.seen["dropped out"] += 1
            free = min(set(range(t.book.num_agents)) - set(now.mind))
            now.knows[free] = now.knows[mind]
            for agent in group:
                now.mind[agent] = free


def _linked(t: Turn, a: int, b: int) -> bool:
    if can_see(t, a, b) or can_see(t, b, a):
        return True
    if nets(t, a) & nets(t, b):
        t.seen["linked by radio alone"] += 1
        return True
    return False


def look(t: Turn, *, fresh: bool) -> None:
    """Rows of bodies in each mind's observation."""
    now, book = t.now, t.book
    old_row = now.row
    members = {m: [a for a in t.agents if now.mind[a] == m and t.well(a)] for m in range(book.num_minds)}
    sees = {m: {b for b in t.agents if any(can_see(t, a, b) for a in members[m])} for m in members}
    now.row = [[-1] * book.num_agents for _ in members]
    now.left = [[False] * book.num_agents for _ in members]
    for mind, team in members.items():
        heard: set[int] = set()
        for member in team:
            for net in nets(t, member) - {book.side[member]}:
                for other, speakers in members.items():
                    if any(book.side[s] == net and net in nets(t, s) for s in speakers):
                        heard |= sees[other]
        bodies = (sees[mind] | heard) - set(team)
        if heard - sees[mind] - set(team):
            t.seen["overheard by radio"] += 1
        left = set()
        for agent in t.agents:
            gone = agent not in bodies and agent not in team
            if not fresh and gone and old_row[mind][agent] >= 0 and now.marks[agent] & PUBLIC_MARKS:
                t.seen["left row" if t.present(agent) else "left row of one who is gone"] += 1
                if not team:
                    t.seen["left row of a mind without members"] += 1
                left.add(agent)
        _number(t, mind, bodies, left)


def _number(t: Turn, mind: int, bodies: set[int], left: set[int]) -> None:
    """Number the rows of one mind."""
    now, book = t.now, t.book
    for agent in left:
        now.left[mind][agent] = True
    if not book.has_shifter:
        for agent in bodies | left:
            now.row[mind][agent] = agent
        return

    def place(agent: int) -> tuple[int, int, int, int]:
        node = now.path[agent][0] if agent in left else now.node[agent]
        return node, now.guise[agent], t.draw(Stream.ROW, agent, 1 << 32), agent

    places = {agent: place(agent) for agent in bodies | left}
    order = sorted(places, key=places.__getitem__)
    for number, agent in enumerate(order):
        now.row[mind][agent] = number
    if any(places[a][:2] == places[b][:2] for a, b in pairwise(order)):
        t.seen["row by draw"] += 1


def judge(t: Turn) -> None:
    """The outcome, if the episode is over."""
    now, book = t.now, t.book
    if now.outcome == -1:
        quarry = [now.status[a] for a in t.agents if book.quarry[a]]
        hunters = [a for a in t.agents if book.side[a] == Side.HUNTER]
        tests = [
            (Outcome.QUARRY_KILLED, bool(quarry) and all(s == Status.DEAD for s in quarry)),
            (Outcome.QUARRY_ESCAPED, Status.LEFT in quarry and all(s in (Status.LEFT, Status.DEAD) for s in quarry)),
            (Outcome.HUNTER_DESTROYED, bool(hunters) and all(_is_finished(t, a) for a in hunters)),
            (Outcome.TURN_LIMIT, now.turn >= book.world.turns),
        ]
        for outcome, holds in tests:
            if holds and outcome in book.world.withheld:
                t.seen["an outcome is withheld"] += 1
            elif holds:
                now.outcome = int(outcome)
                break
        if now.outcome != -1:
            t.seen[f"outcome {Outcome(now.outcome).name}"] += 1
    now.ended = now.outcome != -1


def _is_finished(t: Turn, hunter: int) -> bool:
    """Whether a hunter will not rise again."""
    if t.now.status[hunter] == Status.OFFLINE and t.now.backup[hunter] != -1:
        t.seen["a hunter may restart"] += 1
        return False
    return t.now.status[hunter] in (Status.DEAD, Status.OFFLINE)
