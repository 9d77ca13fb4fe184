"""Phase move: impulses, doors, contact."""

from __future__ import annotations

from dataclasses import dataclass

from pursuit.core.board import Door, Mode
from pursuit.core.roster import Trait
from pursuit.core.state import Gait, Mark, Refusal

from .table import Turn


@dataclass
class Mover:
    """Somebody on foot, or a vehicle with its driver."""

    agent: int  # the walker, or the driver
    vehicle: int  # -1 on foot
    goal: int
    budget: int
    node: int
    stopped: bool = False

    @property
    def hops(self) -> int:
        return self.budget // 100


def move(t: Turn) -> None:
    """Everyone who has a goal and is able, impulse by impulse."""
    now, book = t.now, t.book
    movers = _movers(t)
    start = list(now.node)
    for k in range(1, max([1, *(m.hops for m in movers)]) + 1):
        before, doors = list(now.node), list(now.door)
        opened: set[int] = set()
        for mover in movers:
            if k <= mover.hops and not mover.stopped:
                _hop(t, mover, doors, opened)
        for door in opened:
            now.door[door] = Door.OPEN
        _carry(t, movers)
        _contact(t, before)
        for mover in movers:
            _stop(t, mover)
        for agent in t.agents:
            for later in range(k, book.num_impulses + 1):
                now.path[agent][later] = now.node[agent]
    _settle(t, movers, start)


def _movers(t: Turn) -> list[Mover]:
    now, book = t.now, t.book
    movers = []
    for agent in t.agents:
        action = t.actions[agent]
        if not t.able[agent] or action.goal < 0 or action.goal == now.node[agent]:
            continue
        if t.on_foot(agent):
            pace = book.pace[agent]
            worn = now.guise[agent]
            if action.gait == Gait.WALK and worn < book.num_agents and book.pace[worn] < pace:
                t.seen["walks at the pace of its guise"] += 1
                pace = book.pace[worn]
            if now.leftover[agent]:
                t.seen["leftover used on foot"] += 1
            movers.append(Mover(agent, -1, action.goal, pace + now.leftover[agent], now.node[agent]))
        elif t.drives(agent):
            vehicle = now.ride[agent]
            if now.vehicle_leftover[vehicle]:
                t.seen["leftover used by a vehicle"] += 1
            budget = book.ride_pace[vehicle] + now.vehicle_leftover[vehicle]
            movers.append(Mover(agent, vehicle, action.goal, budget, now.vehicle_node[vehicle]))
        else:
            t.seen["passenger has a goal"] += 1
    return movers


def _hop(t: Turn, mover: Mover, doors: list[int], opened: set[int]) -> None:
    """One hop of one mover, on the doors as they were before the impulse."""
    book = t.book
    on_foot = mover.vehicle < 0
    slips = on_foot and book.has(mover.agent, Trait.SLIPS_BARS)
    mode = Mode.FOOT if on_foot else book.ride_mode[mover.vehicle]
    closed = book.mask(doors, (Door.LOCKED,) if slips else (Door.LOCKED, Door.BARRED))
    slot = book.hop(mode, slips, closed, mover.node, mover.goal)
    who = "on foot" if on_foot else "in a vehicle"
    if slot == 0:
        _block(t, mover, f"blocked {who}: no way")
        return
    door = book.edge_door[mover.node][slot]
    state = Door.OPEN if door < 0 else doors[door]
    if state == Door.SHUT:
        t.seen[f"door opened by moving {who}"] += 1
        if door in opened:
            t.seen["two open one door in one impulse"] += 1
        opened.add(door)
    elif state == Door.LOCKED or (state == Door.BARRED and not slips):
        _block(t, mover, f"blocked {who}: door {Door(state).name}")
    else:
        if state == Door.BARRED:
            t.seen["slipped a barred door"] += 1
        if book.barred[mover.node][slot]:
            t.seen["slipped bars"] += 1
        there = book.neighbor[mover.node][slot]
        if book.has(mover.agent, Trait.NO_SELF_HARM) and book.hazards_at(t.now.hazard, there):
            _block(t, mover, f"does itself no harm {who}")
            t.refuse(mover.agent, Refusal.HARM, part="goal")
        else:
            mover.node = there


def _block(t: Turn, mover: Mover, name: str) -> None:
    t.seen[name] += 1
    mover.stopped = True
    t.mark(mover.agent, Mark.BLOCKED)


def _carry(t: Turn, movers: list[Mover]) -> None:
    """Write where the movers are, and take riders and hangers-on along."""
    now = t.now
    for mover in movers:
        if mover.vehicle < 0:
            now.node[mover.agent] = mover.node
            continue
        now.vehicle_node[mover.vehicle] = mover.node
        for agent in t.agents:
            if now.ride[agent] == mover.vehicle:
                if now.node[agent] != mover.node and agent != mover.agent:
                    t.seen["hangs on and is carried" if now.seat[agent] < 0 else "rides along"] += 1
                now.node[agent] = mover.node


def _contact(t: Turn, before: list[int]) -> None:
    now = t.now
    for a in t.agents:
        for b in t.agents:
            if a == b or not t.present(a) or not t.present(b):
                continue
            together = now.node[a] == now.node[b]
            crossed = now.node[a] == before[b] and now.node[b] == before[a] and before[a] != before[b]
            if crossed:
                t.seen["met by crossing"] += 1
            if together or crossed:
                now.met[a][b] = True


def _stop(t: Turn, mover: Mover) -> None:
    """Who is at the goal, has met whom it walks toward, or stands on an exit, goes no further."""
    now, book = t.now, t.book
    if mover.stopped:
        return
    toward, side = t.actions[mover.agent].toward, book.side[mover.agent]
    ends = {
        "at the goal": mover.node == mover.goal,
        "on meeting toward": mover.vehicle < 0 and toward >= 0 and now.met[mover.agent][toward],
        "at an exit " + ("on foot" if mover.vehicle < 0 else "in a vehicle"): book.exits[side][mover.node],
    }
    for why, holds in ends.items():
        if holds:
            t.seen[f"stopped {why}"] += 1
            mover.stopped = True


def _settle(t: Turn, movers: list[Mover], start: list[int]) -> None:
    """Leftover, gait and the noise of vehicles."""
    now, book = t.now, t.book
    now.leftover = [0] * book.num_agents
    now.vehicle_leftover = [0] * book.num_vehicles
    for mover in movers:
        rest = 0 if mover.stopped else mover.budget % 100
        if mover.vehicle < 0:
            now.leftover[mover.agent] = rest
        else:
            now.vehicle_leftover[mover.vehicle] = rest
            if mover.node != start[mover.agent]:
                t.loud(mover.agent, book.ride_noise[mover.vehicle])
    for agent in t.agents:
        if all(node == start[agent] for node in now.path[agent]):
            now.gait[agent] = Gait.STILL
        elif t.on_foot(agent):
            now.gait[agent] = t.actions[agent].gait
        else:
            now.gait[agent] = Gait.RIDE
