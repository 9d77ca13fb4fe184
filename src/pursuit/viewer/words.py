"""The words around the map: heading, list of agents, log. Everything here keeps to what the viewpoint knows."""

from __future__ import annotations

from collections.abc import Mapping

from pursuit.core.state import Order, State, Status
from pursuit.core.world import Ruleset, World
from pursuit.rules.told.events import QUIET, Kind
from pursuit.rules.told.telling import Teller
from pursuit.viewer.frame import EVERYTHING, Entry, Heading, Line, View
from pursuit.viewer.moment import Moment
from pursuit.viewer.reel import Reel, gravity
from pursuit.viewer.source import Event

LOG_LINES = 40
LOG_TURNS = 60
CAPTION_TURNS = 4

_STATUS = {
    Status.DOWN: "down",
    Status.DEAD: "dead",
    Status.OFFLINE: "offline",
    Status.ABSENT: "not here yet",
    Status.LEFT: "got away",
    Status.CAPTURED: "captured",
}
_ORDERS = {
    Order.FOLLOW: "follows",
    Order.HOLD: "holds",
    Order.GUARD: "guards",
    Order.FETCH: "fetches",
    Order.GO: "goes there",
}


_INNER = (Kind.SIGHTED, Kind.FOUND, Kind.LOST, Kind.PARTED, Kind.MORPHS, Kind.SAMPLED)
"""Kinds of events that only the mind of the one they happen to knows of."""


def heading(moment: Moment, view: View, position: float, speed: float, marks: Mapping[int, str]) -> Heading:
    """What stands above and below the map."""
    reel, state = moment.reel, moment.state
    replay, world = reel.replay, reel.world
    outcome = int(state.outcome[0])
    return Heading(
        title=world.title or world.name,
        turn=int(position),
        num_turns=reel.num_turns,
        phase=reel.phases(int(position) + 1)[view.phase - 1][0] if view.phase else "",
        position=position,
        speed=speed,
        seed=replay.seed,
        policies=reel.policies,
        badge=reel.badge,
        viewpoint=viewpoint_name(reel, state, view.viewpoint),
        lens=view.lens.value,
        outcome=world.outcome_name[outcome].replace("_", " ") if outcome >= 0 else "",
        event_turns=reel.event_turns(),
        marks=tuple(sorted({**replay.marks, **marks}.items())),
        exact=reel.exact_turns(),
        caption=_caption(moment, view, int(position)),
    )


def _caption(moment: Moment, view: View, turn: int) -> str:
    """The last message of the story, for a few turns; none where the viewpoint could not know it."""
    if not view.events or (moment.seen_only and not moment.eyes.all_seeing):
        return ""
    for at in range(turn, max(turn - CAPTION_TURNS, 0), -1):
        said = [event.text for event in moment.reel.events_of(at) if event.kind == Kind.MESSAGE]
        if said:
            return said[-1]
    return ""


def viewpoints(world: World, state: State) -> tuple[int, ...]:
    """Everything, then the lowest WELL slot of each mind, by slot."""
    first: dict[int, int] = {}
    for slot in range(world.num_agents):
        if state.status[0, slot] == Status.WELL:
            first.setdefault(int(state.mind[0, slot]), slot)
    return (EVERYTHING, *sorted(first.values()))


def viewpoint_name(reel: Reel, state: State, viewpoint: int) -> str:
    """`everything`, or whose mind it is: the members by name."""
    if viewpoint == EVERYTHING:
        return "everything"
    mates = (state.mind[0] == state.mind[0, viewpoint]) & (state.status[0] == Status.WELL)
    others = [reel.looks[slot].name for slot in mates.nonzero()[0].tolist() if slot != viewpoint]
    name = reel.looks[viewpoint].name
    if len(others) > 2:
        return f"{name} and {len(others)} others"
    return " + ".join([name, *others])


def entries(moment: Moment) -> tuple[Entry, ...]:
    """The list of agents: all of them, or those whom the viewpoint knows of now, as it knows them."""
    state, world, looks = moment.state, moment.world, moment.reel.looks
    found = []
    for slot in range(world.num_agents):
        knows = moment.knows(slot)
        if moment.seen_only and not knows and not moment.shows(slot):
            continue
        guise = int(state.guise[0, slot])
        status = Status(int(state.status[0, slot]))
        full = max(int(world.roster.health[world.kind[slot]]), 1)
        points = int(state.health[0, slot]) if knows else None
        changes = knows and slot == world.shifter
        found.append(
            Entry(
                slot=slot,
                look=looks[guise],
                behind=looks[slot] if knows and guise != slot else None,
                note=_note(moment, slot, status, knows),
                health=None if points is None else points / full,
                points=points,
                gone=status not in (Status.WELL, Status.DOWN),
                looks=tuple(looks[g] for g in state.sampled[0].nonzero()[0].tolist()) if changes else (),
            )
        )
    return tuple(found)


def _note(moment: Moment, slot: int, status: Status, knows: bool) -> str:
    state, reel = moment.state, moment.reel
    if status in _STATUS:
        return _STATUS[status]
    parts = []
    if state.stagger[0, slot] > 0:
        parts.append("staggered")
    ride, seat = int(state.ride[0, slot]), int(state.seat[0, slot])
    if ride >= 0:
        verb = "hangs on" if seat < 0 else "drives" if seat == 0 else "in"
        parts.append(f"{verb} {reel.vehicle_names[ride]}")
    if knows:
        if state.pending[0, slot] >= 0:
            parts.append(f"turning into {reel.looks[int(state.pending[0, slot])].name}")
        if state.order[0, slot] in _ORDERS:
            parts.append(_ORDERS[Order(int(state.order[0, slot]))])
        if state.spare[0, slot]:
            parts.append("spares lives")
        held = (state.holder[0] == slot).nonzero()[0].tolist()
        for item in held:
            rounds = f" {int(state.ammo[0, item])}" if reel.world.item_weapon[item] >= 0 else ""
            parts.append(reel.item_names[item] + rounds)
    return ", ".join(parts)


def log(reel: Reel, turn: int, view: View) -> tuple[Line, ...]:
    """The last lines of the story up to a turn, oldest first; but for lens TRUTH those that the viewpoint witnessed."""
    turns: list[tuple[Line, ...]] = []
    found = 0
    for at in range(turn, max(turn - LOG_TURNS, 0), -1):
        turns.append(lines(reel, at, view))
        found += len(turns[-1])
        if found >= LOG_LINES:
            break
    return tuple(line for lines in reversed(turns) for line in lines)[-LOG_LINES:]


def lines(reel: Reel, turn: int, view: View) -> tuple[Line, ...]:
    """The lines of one turn, worked out once for each viewpoint."""
    key = (turn, view.viewpoint, view.lens)
    kept = reel.lines.get(key)
    if kept is None:
        moment = Moment.at(reel, float(turn), view)
        quiet = QUIET if reel.world.ruleset == Ruleset.STORY else {*QUIET, Kind.MOVED, Kind.SIGHTED}
        told = [(event.kind, _as_known(moment, event)) for event in reel.events_of(turn) if event.kind not in quiet]
        kept = tuple(Line(turn, text, gravity(kind), kind == Kind.MESSAGE) for kind, text in told if text)
        reel.lines[key] = kept
    return kept


def _as_known(moment: Moment, event: Event) -> str:
    """The text of an event as the viewpoint could tell it; empty if it knows nothing of it.

    Texts call everybody by name. Whoever wears another look is called by that look, and where the true name would
    still stand in the text the event is left out.
    """
    if not moment.seen_only or event.kind == Kind.ENDED:
        return event.text
    if event.kind == Kind.MESSAGE:
        return event.text if moment.eyes.all_seeing else ""
    if event.kind in _INNER and not (event.agents and moment.knows(event.agents[0])):
        return ""
    if not event.agents:
        return event.text if event.node < 0 or moment.sees(event.node) else ""
    if not all(moment.knows(slot) or moment.shows(slot) for slot in event.agents):
        return ""
    guise = moment.state.guise[0].tolist()
    masked = [slot for slot in event.agents if not moment.knows(slot) and guise[slot] != slot]
    return _retold(moment.reel.teller, event.text, [(slot, guise[slot]) for slot in masked])


def _retold(teller: Teller, text: str, masked: list[tuple[int, int]]) -> str:
    """A text with the looks of masked agents in place of who they are; empty if it gives one away all the same."""
    for slot, guise in masked:
        look = teller.look(guise)
        for phrase in (teller.subject(slot, guise), teller.target(slot, guise)):
            for said, seen in ((phrase, look), (phrase[:1].upper() + phrase[1:], look[:1].upper() + look[1:])):
                text = text.replace(said, seen)
        if teller.agents[slot].lower() in text.lower() or "false " in text:
            return ""
    return text
