"""How to switch off the rule behind each row of the story: one line a switch, a row of docs/story_rows.md each.

A switch takes a trait from a kind, alters a number of a table, moves somebody, or replaces a phase, a verb or a part
of one by what does nothing. It is used on a monkeypatch, so that it lasts for one test.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from pytest import MonkeyPatch
from tests.reference import worlds
from tests.rules import test_story

from pursuit.content.scenario import load_scenario, scenario_from_texts
from pursuit.core.distance import Sight
from pursuit.core.roster import Effect, Trait
from pursuit.core.state import Verb
from pursuit.core.world import Ruleset
from pursuit.rules import close, handle, legal, strike, talk, turn

Off = Callable[[MonkeyPatch], None]


@dataclass(frozen=True)
class Switch:
    """A rule of a row of the story, in words, and what switches it off."""

    row: int
    what: str
    off: Off


def traitless(kind: str, trait: Trait) -> Off:
    """No agent of the tests' kind has the trait."""
    return lambda patch: patch.setitem(worlds.KINDS, kind, worlds.KINDS[kind] & ~trait)


def weapon(name: str, **parts: Any) -> Off:
    """Other numbers for a weapon of the tests."""
    names = ("reach", "hit", "damage", "stagger", "effect", "lethal", "rounds", "noise", "blast")
    row = dict(zip(names, worlds.WEAPONS[name], strict=True))
    assert row.keys() >= parts.keys()
    return lambda patch: patch.setitem(worlds.WEAPONS, name, tuple((row | parts).values()))


def phaseless(name: str) -> Off:
    """The story's turn without one of its phases."""
    phases = tuple(phase for phase in turn.STORY if phase.__name__ != name)
    assert len(phases) == len(turn.STORY) - 1
    return lambda patch: patch.setitem(turn.PHASES, Ruleset.STORY, phases)


def effectless(verb: Verb) -> Off:
    """A verb of the phase handle that does nothing."""
    steps = [(verbs, _nothing if verb in verbs else do) for verbs, do in handle.STEPS]
    assert any(do is _nothing for _, do in steps)
    return lambda patch: patch.setattr(handle, "STEPS", tuple(steps))


def _nothing(world: Any, state: Any, *_: Any) -> Any:
    return state


def edited(old: str, new: str) -> Off:
    """The scenario has something else written in its file."""

    def load(name: str, line: Any) -> Any:
        texts = load_scenario(name, line).texts
        assert texts["scenario"].count(old) == 1, f"{old!r} is not once in {name}"
        return scenario_from_texts({**texts, "scenario": texts["scenario"].replace(old, new)}, line)

    return lambda patch: patch.setattr(test_story, "load_scenario", load)


def unarmed(kind: str) -> Off:
    """Nobody of a shipped kind can shoot."""

    def load(name: str, line: Any) -> Any:
        scenario = load_scenario(name, line)
        roster = scenario.world.roster
        traits = roster.traits.copy()
        traits[roster.kind_name.index(kind)] &= ~np.uint32(Trait.SHOOTS)
        return replace(scenario, world=replace(scenario.world, roster=replace(roster, traits=traits)))

    return lambda patch: patch.setattr(test_story, "load_scenario", load)


def swapped(home: Any, name: str, other: Callable[..., Any]) -> Off:
    """A part of a module or class replaced."""
    assert hasattr(home, name)
    return lambda patch: patch.setattr(home, name, other)


def _blind(_: Any, *nodes: Any) -> Any:
    return np.zeros(np.broadcast_shapes(*map(np.shape, nodes)), np.bool_)


JOHN = 'kind = "john"\nside = "guardian"\nmind = "boys"\n'

SWITCHES: tuple[Switch, ...] = (
    Switch(1, "John starts at home", edited(JOHN + 'at = "home_garage"', JOHN + 'at = "market"')),
    Switch(2, "staff may seize", traitless("civilian", Trait.SEIZES)),
    Switch(2, "who is held stays", phaseless("recover")),
    Switch(3, "the quarry's death ends it", swapped(close, "judge", _nothing)),
    Switch(4, "poly-alloy changes shape", traitless("shifter", Trait.MORPHS)),
    Switch(4, "a change takes effect", phaseless("morph")),
    Switch(5, "complex things are refused", lambda patch: patch.delitem(legal._SPECIAL, Verb.SAMPLE)),
    Switch(6, "its body makes blades", lambda patch: patch.setitem(worlds.MELEE, "shifter", 0)),
    Switch(6, "blades are seen", weapon("blades", effect=Effect.BLOW)),
    Switch(7, "a blade samples whom it hits", weapon("blades", effect=Effect.BLOW)),
    Switch(7, "the dead are robbed", effectless(Verb.TAKE)),
    Switch(8, "the protector has a gun", unarmed("t_800")),
    Switch(9, "a machine is commanded", traitless("protector", Trait.COMMANDED)),
    Switch(9, "orders are heard", effectless(Verb.ORDER)),
    Switch(10, "who is in sight is seen", swapped(Sight, "sees", _blind)),
    Switch(11, "vehicles are mounted", effectless(Verb.MOUNT)),
    Switch(12, "a bluff may fail", effectless(Verb.CHALLENGE)),
    Switch(13, "locks are picked", traitless("thief", Trait.PICKS)),
    Switch(13, "a picked lock opens", effectless(Verb.PICK)),
    Switch(14, "a vehicle is caught hold of", phaseless("touch")),
    Switch(15, "knowledge is told", effectless(Verb.TELL)),
    Switch(16, "a cache has ammunition", effectless(Verb.RELOAD)),
    Switch(17, "triggers fire", phaseless("trigger")),
    Switch(18, "she has a conscience", traitless("fighter", Trait.CONSCIENCE)),
    Switch(18, "his family is a witness", traitless("civilian", Trait.WITNESS)),
    Switch(19, "evidence persuades", effectless(Verb.PERSUADE)),
    Switch(20, "keys are turned", effectless(Verb.UNLOCK)),
    Switch(21, "the alarm is raised", effectless(Verb.ALARM)),
    Switch(22, "charges are laid", effectless(Verb.ARM)),
    Switch(22, "charges go off", phaseless("hazard")),
    Switch(22, "crimes make wanted", swapped(strike, "report", lambda world, before, state, *_: state)),
    Switch(23, "levers start the presses", effectless(Verb.PULL)),
    Switch(23, "presses crush", phaseless("hazard")),
    Switch(24, "a machine is shut down", traitless("protector", Trait.MACHINE)),
    Switch(25, "there is backup power", traitless("protector", Trait.BACKUP)),
    Switch(26, "a grenade blasts", weapon("launcher", effect=Effect.BULLET)),
    Switch(26, "a blast throws back", swapped(strike, "knock", _nothing)),
    Switch(26, "molten steel ends it", phaseless("hazard")),
    Switch(27, "things are thrown", effectless(Verb.THROW)),
    Switch(27, "molten steel takes things", phaseless("hazard")),
    Switch(28, "a machine does itself no harm", traitless("protector", Trait.NO_SELF_HARM)),
    Switch(28, "others lower it", effectless(Verb.LOWER)),
    Switch(28, "it will not be told to stay", swapped(talk, "_is_last_part", lambda _, __, rows, ___: rows < 0)),
    Switch(29, "lives are counted", swapped(strike, "_tally", lambda *_: {})),
)
