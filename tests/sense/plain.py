"""What a mind may know, worked out slowly, one episode at a time, straight from the words of `sense.observation`."""

from __future__ import annotations

from typing import Any

from pursuit.core.roster import Trait
from pursuit.core.state import PUBLIC_MARKS, State, Status
from pursuit.core.world import World
from pursuit.rules.common import dark_mask
from pursuit.sense.observation import Wounds

SHOWN = {Status.DOWN: Wounds.DOWN, Status.DEAD: Wounds.DEAD, Status.OFFLINE: Wounds.OFFLINE}


def plain(world: World, state: State, episode: int, mind: int) -> dict[str, Any]:
    """The fields of one row that are not merely columns of mates."""
    cast = range(world.num_agents)
    b, m = episode, mind
    mates = [a for a in cast if state.mind[b, a] == m and state.status[b, a] == Status.WELL]
    table = int(world.sight.pick(dark_mask(world, state.door))[b])

    def seen(node: int) -> bool:
        return node >= 0 and any(world.sight.sees(table, int(state.node[b, a]), int(node)) for a in mates)

    out: dict[str, Any] = {"mate": [a in mates for a in cast]}
    blank = {
        "body_node": -1, "body_guise": -1, "body_gait": -1, "body_wounds": -1, "body_marks": 0, "body_left": False,
        "body_radio": False, "body_ride": -1,
    }  # fmt: skip
    bodies = [dict(blank) for _ in cast]
    for a in cast:
        row = int(state.row[b, m, a])
        if row < 0:
            continue
        left = bool(state.left[b, m, a])
        status = Status(int(state.status[b, a]))
        poly = bool(world.roster.traits[world.kind[a]] & Trait.POLY)
        hurt = state.health[b, a] < world.roster.health[world.kind[a]] and not poly
        node = int(state.path[b, a, 0] if left else state.node[b, a])
        bodies[row] = {
            "body_node": node,
            "body_guise": int(state.guise[b, a]),
            "body_gait": -1 if left else int(state.gait[b, a]),
            "body_wounds": -1 if left else int(SHOWN.get(status, Wounds.HURT if hurt else Wounds.NONE)),
            "body_marks": int(state.marks[b, a]) & int(PUBLIC_MARKS),
            "body_left": left,
            "body_radio": not left and not seen(node),
            "body_ride": -1 if left else int(state.ride[b, a]),
        }
    for name in blank:
        out[name] = [body[name] for body in bodies]
    out["item_node"] = [int(n) if seen(int(n)) else -1 for n in state.item_node[b]]
    out["item_mate"] = [int(h) if h in mates else -1 for h in state.holder[b]]
    out["ammo"] = [int(n) if h in mates else -1 for n, h in zip(state.ammo[b], state.holder[b], strict=True)]
    out["vehicle_node"] = [int(n) if seen(int(n)) else -1 for n in state.vehicle_node[b]]
    out["vehicle_seated"] = [
        sum(state.ride[b, a] == v and state.seat[b, a] >= 0 for a in cast) if seen(int(n)) else -1
        for v, n in enumerate(state.vehicle_node[b])
    ]
    ends = world.board.door_nodes
    out["door"] = [int(d) if seen(ends[e, 0]) or seen(ends[e, 1]) else -1 for e, d in enumerate(state.door[b])]
    heard = []
    for a in cast:
        loud, node = int(state.noise[b, a]), int(state.node[b, a])
        near = [int(world.ways.distance(world.sound_table, int(state.node[b, e]), node)) for e in mates]
        audible = [hops * world.board.cell <= loud and hops < world.ways.far for hops in near]
        if loud > 0 and state.mind[b, a] != m and any(audible):
            heard.append((node, loud))
    heard = sorted(heard) + [(-1, -1)] * (world.num_agents - len(heard))
    out["noise_node"] = [node for node, _ in heard]
    out["noise_loud"] = [loud for _, loud in heard]
    return out
