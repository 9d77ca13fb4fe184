"""The words of the scenario language: which events, tests and effects there are, and the arguments of each.

The tables mirror those of `docs/scenarios.md`. A word joins the language here, and its meaning in `rules.conditions`
or `rules.effects`.
"""

from __future__ import annotations

from dataclasses import dataclass

from pursuit.core.state import Order, Refusal, Status, Verb


@dataclass(frozen=True, slots=True)
class Arguments:
    """Keys that a word takes."""

    needs: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()  # exactly one of these
    limits: bool = False  # is, at_least, at_most, of which it needs one

    @property
    def all(self) -> frozenset[str]:
        """Every key that may stand beside the word."""
        limits = LIMITS if self.limits else ()
        return frozenset((*self.needs, *self.may, *self.one_of, *limits))


LIMITS = ("is", "at_least", "at_most")

EVENTS: dict[str, Arguments] = {
    "start": Arguments(),
    "turn": Arguments(may=("turn", "every", "from", "to")),
    "enter": Arguments(("at",), ("agent",)),
    "exit": Arguments(("at",), ("agent",)),
    "arrive": Arguments(("at",), ("agent",)),
    "pass_edge": Arguments(("way",), ("agent",)),
    "sighted": Arguments(("other",), ("agent",)),
    "lost_sight": Arguments(("other",), ("agent",)),
    "heard": Arguments((), ("agent", "other")),
    "near": Arguments(("radius",), ("agent",), ("other", "at")),
    "far": Arguments(("radius",), ("agent",), ("other", "at")),
    "contact": Arguments((), ("agent", "other")),
    "strike": Arguments((), ("agent", "other", "verb", "hit")),
    "hurt": Arguments((), ("agent",)),
    "downed": Arguments((), ("agent",)),
    "escaped": Arguments((), ("agent",)),
    "morph": Arguments((), ("agent", "guise")),
    "unmask": Arguments((), ("agent",)),
    "take": Arguments((), ("agent", "item")),
    "drop": Arguments((), ("agent", "item")),
    "use": Arguments(("verb",), ("agent", "other", "item", "vehicle", "door", "guise")),
    "refused": Arguments((), ("agent", "reason")),
    "idle": Arguments(("turns",), ("agent",)),
    "blocked": Arguments((), ("agent",)),
    "knocked": Arguments((), ("agent",)),
    "persuaded": Arguments((), ("agent",)),
    "seized": Arguments((), ("agent",)),
    "restarted": Arguments((), ("agent",)),
    "destroyed": Arguments((), ("agent",)),
    "timer": Arguments(("after", "turns")),
    "alarm": Arguments((), ("turns",)),
    "var": Arguments(("var",), limits=True),
    "done": Arguments(("cue",)),
    "time_over": Arguments(),
}

AGENT_TESTS = (
    "in",
    "status",
    "guise",
    "masked",
    "wanted",
    "held",
    "persuaded",
    "rides",
    "cue",
    "order",
    "linked",
    "idle",
)

CONDITIONS: dict[str, Arguments] = {  # by the key that tells them apart, in this order
    "all": Arguments(),
    "any": Arguments(),
    "not": Arguments(),
    "chance": Arguments(),
    "count": Arguments(may=("in", "status"), limits=True),
    "distance": Arguments(one_of=("at_least", "at_most")),
    "visible": Arguments(("by",)),
    "in_view": Arguments(("by",)),
    "knows": Arguments(("by",)),
    "fired": Arguments(may=LIMITS),
    "outcome": Arguments(),
    "health": Arguments(limits=True),
    "rounds": Arguments(limits=True),
    "taken": Arguments(limits=True),
    "spared": Arguments(limits=True),
    "gone": Arguments(may=LIMITS),
    "running": Arguments(),
    "armed": Arguments(),
    "var": Arguments(limits=True),
    "turn": Arguments(),
    "item": Arguments(one_of=("in", "held_by")),
    "vehicle": Arguments(one_of=("in", "driven_by")),
    "door": Arguments(("state",)),
    "agent": Arguments(one_of=AGENT_TESTS),
}

EFFECTS: dict[str, Arguments] = {
    "cue": Arguments(),
    "release": Arguments(),
    "message": Arguments(),
    "mark": Arguments(),
    "set": Arguments(("to",)),
    "add": Arguments(may=("by",)),
    "know": Arguments(("agent",)),
    "link": Arguments(),
    "bring": Arguments(may=("at",)),
    "send_away": Arguments(),
    "give": Arguments(("to",)),
    "damage": Arguments(("by",)),
    "open": Arguments(),
    "close": Arguments(),
    "alarm": Arguments(may=("side",)),
    "enable": Arguments(),
    "disable": Arguments(),
    "end": Arguments(),
    "start": Arguments(),
    "stop": Arguments(),
    "want": Arguments(),
    "pardon": Arguments(),
}

FILM_EFFECTS = ("cue", "release", "message", "mark", "set", "add")
"""What a trigger of the film line alone may do: it never puts the film in place."""

VERBS = tuple(verb.name.lower() for verb in Verb)
ORDERS = tuple(order.name.lower() for order in Order if order != Order.NONE)
REFUSALS = tuple(reason.name.lower() for reason in Refusal if reason != Refusal.NONE)
STATUSES = tuple(status.name.lower() for status in Status)
