"""Scenario files: what is read, what is refused and how it is said; the shipped scenarios and their film lines."""

from __future__ import annotations

import random
import re
from pathlib import Path

import numpy as np
import pytest
from tests.reference.film import play

from pursuit.content.files.source import ContentError
from pursuit.content.scenario import (
    Scenario,
    json_schema,
    load_scenario,
    members,
    scenario_from_texts,
    scenario_names,
)
from pursuit.core.script import Ask, Do, Edge, Toward
from pursuit.core.world import Ruleset, Side
from pursuit.play.checks import CheckWatch
from pursuit.play.coverage import TriggerWatch
from pursuit.play.rollout import rollout
from pursuit.rules.turn import fresh

DEMO = """\
id = "demo"
title = "Demo"
map = "grid:6x6"
turns = 40
facts = ["skynet"]

[vars]
shots = 0

[params]
place = { default = "0,0", values = ["0,0", "1,1"] }

[[agent]]
id = "t_1000"
kind = "t_1000"
side = "hunter"
at = "$place"

[[agent]]
id = "john"
kind = "john"
side = "guardian"
at = "3,3"
quarry = true
holds = ["radio"]

[[item]]
id = "radio"
radio = "law"

[[region]]
id = "corner"
nodes = ["5,5", "5,4"]
exit = ["guardian"]

[[cue]]
id = "flee"
agent = "john"
to = "corner"

[[trigger]]
id = "seen"
on = "sighted"
agent = "t_1000"
other = "john"
when = { agent = "john", in = "corner" }
do = [{ cue = "flee" }, { add = "shots" }]

[[check]]
id = "alive"
that = { agent = "john", status = "well" }
"""


def demo(old: str = "", new: str = "", line: str = "film") -> Scenario:
    assert old in DEMO
    return scenario_from_texts({"scenario": DEMO.replace(old, new, 1)}, "open" if line == "open" else "film")


BROKEN = [
    (
        'on = "sighted"',
        'on = "sigthed"',
        "43:6: error[unknown-trigger]: 'sigthed' is not a trigger; did you mean 'sighted'?",
    ),
    ('kind = "john"', 'kind = "jhon"', "21:8: error[unknown-kind]: 'jhon' is not a kind; did you mean 'john'?"),
    (
        'side = "guardian"',
        'side = "guard"',
        "22:8: error[bad-value]: 'guard' is not one of hunter, guardian, law, bystander; did you mean 'guardian'?",
    ),
    ('at = "3,3"', 'at = "9,9"', "23:6: error[unknown-place]: '9,9' is not a place"),
    ("turns = 40\n", "", "1:1: error[missing-key]: missing key 'turns'"),
    ("turns = 40", 'turns = "40"', "4:9: error[wrong-type]: expected a whole number, got '40'"),
    ("turns = 40", "turns = 40\ntunrs = 4", "5:1: error[unknown-key]: unknown key 'tunrs'; did you mean 'turns'?"),
    ("quarry = true\n", "", "13:3: error[bad-value]: nobody is the quarry (quarry = true)"),
    (
        'holds = ["radio"]\n',
        "",
        "26:1: error[bad-value]: 'radio' lies nowhere ('at') and nobody 'holds' it",
    ),
    (
        'holds = ["radio"]',
        'holds = ["radoi"]',
        "25:10: error[unknown-item]: 'radoi' is not an item; did you mean 'radio'?",
    ),
    ('other = "john"\n', "", "41:1: error[missing-key]: 'sighted' needs 'other'"),
    ('other = "john"', 'other = "john"\nradius = 3', "46:1: error[unknown-key]: 'sighted' takes no 'radius'"),
    ('cue = "flee"', 'cue = "fle"', "47:15: error[unknown-cue]: 'fle' is not a cue; did you mean 'flee'?"),
    (
        'add = "shots"',
        'add = "shot"',
        "47:33: error[unknown-variable]: 'shot' is not a variable; did you mean 'shots'?",
    ),
    ('add = "shots"', 'ad = "shots"', "47:27: error[unknown-key]: unknown key 'ad'; did you mean 'add'?"),
    ('add = "shots"', 'add = "shots", agent = "john"', "47:42: error[unknown-key]: 'add' takes no 'agent'"),
    (
        "do = [{ cue",
        'line = "film"\ndo = [{ end = "quarry_escaped" }, { cue',
        "48:9: error[film-only]: 'end' is not for the film line alone, which may only cue, release, message, mark, "
        "set, add: the film is played by the rules",
    ),
    (
        'agent = "john", in = "corner"',
        'agent = "john", in = "crner"',
        "46:31: error[unknown-place]: 'crner' is not a place; did you mean 'corner'?",
    ),
    (
        'agent = "john", in = "corner"',
        'agent = "john"',
        "46:8: error[missing-key]: 'agent' needs exactly one of in, status, guise, masked, wanted, held, persuaded, "
        "rides, cue, order, linked, idle",
    ),
    (
        '{ agent = "john", in = "corner" }',
        "{ any = [{ chance = 100 }] }",
        "46:28: error[bad-value]: 'chance' stands alone or in the outermost 'all' of a trigger's 'when'",
    ),
    ('status = "well"', 'status = "wel"', "51:35: error[unknown-status]: 'wel' is not a status; did you mean 'well'?"),
    (
        'agent = "t_1000"\nother',
        'agent = "@hunters"\nother',
        "44:9: error[unknown-group]: '@hunters' is not a group; did you mean '@hunter'?",
    ),
    ('id = "seen"', 'id = "flee"', "37:6: error[duplicate-id]: there are two 'flee'"),
    ("$place", "$palce", "17:6: error[unknown-parameter]: 'palce' is not a parameter; did you mean 'place'?"),
    ('kind = "john"', 'kind = "john"\nguise = "t_1000"', "22:9: error[bad-value]: a john wears its own look only"),
    ('to = "corner"', 'to = "corner"\nverb = "force"', "36:1: error[missing-key]: verb 'force' needs 'object'"),
    (
        'to = "corner"',
        'to = "corner"\nverb = "order"\nobject = "t_1000"',
        "36:1: error[missing-key]: verb 'order' and key 'order' go together",
    ),
    ('default = "0,0"', 'default = "2,2"', "11:21: error[bad-value]: the default is not one of 0,0, 1,1"),
    (
        'agent = "john"\nto',
        'agent = "john"\nline = "film"\nto',
        "48:15: error[other-line]: cue 'flee' exists on line 'film' only",
    ),
]


@pytest.mark.parametrize(("old", "new", "message"), BROKEN, ids=[new or f"no {old}" for old, new, _ in BROKEN])
def test_what_is_wrong_is_said_once_and_in_its_place(old: str, new: str, message: str) -> None:
    with pytest.raises(ContentError) as caught:
        demo(old, new)
    assert [str(problem).split("\n")[0] for problem in caught.value.problems] == [f"scenario.toml:{message}"]


def test_all_problems_come_together() -> None:
    text = DEMO
    for old, new, _ in (BROKEN[0], BROKEN[1], BROKEN[5], BROKEN[13]):
        text = text.replace(old, new, 1)
    with pytest.raises(ContentError) as caught:
        scenario_from_texts({"scenario": text})
    assert [problem.code for problem in caught.value.problems] == [
        "wrong-type",
        "unknown-kind",
        "unknown-trigger",
        "unknown-variable",
    ]


def test_a_classical_ruleset_knows_no_things_and_no_script() -> None:
    with pytest.raises(ContentError) as caught:
        demo("turns", 'ruleset = "lazy"\nturns')
    assert [problem.message for problem in caught.value.problems] == [
        "ruleset 'lazy' knows no items",
        "ruleset 'lazy' knows no cues",
        "ruleset 'lazy' knows no triggers",
    ]


def test_names_become_indices() -> None:
    world = demo().world
    trigger = world.script.triggers[0]
    assert trigger.on.ask == Ask.SIGHTED
    assert (trigger.on.who, trigger.on.whom) == ((0,), (1,))
    assert trigger.when is not None
    assert np.flatnonzero(world.script.areas[trigger.when.area]).tolist() == [34, 35]
    assert [effect.do for effect in trigger.effects] == [Do.CUE, Do.ADD]
    assert (trigger.edge, trigger.max, trigger.chance) == (Edge.LEVEL, 1, 1000)
    cue = world.script.cues[0]
    assert (cue.agent, cue.toward, cue.goal) == (1, Toward.NODE, 34)
    assert world.ruleset == Ruleset.STORY
    assert world.exits[Side.GUARDIAN].nonzero()[0].tolist() == [34, 35]
    assert world.item_holder.tolist() == [1]
    assert world.fact_name == ("skynet",)


def test_meters_become_hops_and_groups_become_slots() -> None:
    given = 'given = { on = "near", agent = "@guardian", other = "@hunter", radius = 3.4, when = { chance = 300 } }'
    world = demo('to = "corner"', f'to = "corner"\n{given}').world
    near = world.script.triggers[1]
    assert (near.name, near.on.who, near.on.whom, near.on.high, near.chance) == ("flee", (1,), (0,), 3, 300)


def test_a_file_is_a_family() -> None:
    assert demo().world.start[0, 0] == 0
    text = {"scenario": DEMO}
    assert scenario_from_texts(text, params={"place": "1,1"}).world.start[0, 0] == 7
    assert members("duel_torus") == [{"pursuers": number} for number in (1, 2, 3, 4)]
    assert load_scenario("duel_torus", pursuers="3").world.num_agents == 4
    with pytest.raises(ContentError, match="pursuers = 9 is not a whole number from 1 to 4"):
        load_scenario("duel_torus", pursuers=9)
    with pytest.raises(ContentError, match="'pursuer' is not a parameter of this scenario; did you mean 'pursuers'"):
        load_scenario("duel_torus", params={"pursuer": 2})


def test_an_unknown_scenario_has_a_nearest_name() -> None:
    with pytest.raises(ContentError, match="did you mean 'galleria'"):
        load_scenario("galeria")


def test_a_scenario_is_rebuilt_from_its_texts(tmp_path: Path) -> None:
    shipped = load_scenario("freeway_arrival")
    again = scenario_from_texts(shipped.texts)
    assert again.digest == shipped.digest
    assert again.world.script.triggers == shipped.world.script.triggers
    own = tmp_path / "mine.toml"
    own.write_text(DEMO)
    assert load_scenario(own).path == own
    assert load_scenario(own, place="1,1").digest != load_scenario(own).digest


def test_the_schema_names_every_table_and_event() -> None:
    schema = json_schema()
    assert {"agent", "trigger", "cue", "check", "region"} <= set(schema["properties"])
    assert "lost_sight" in schema["$defs"]["TriggerTable"]["properties"]["on"]["enum"]
    assert "in" in schema["$defs"]["ConditionTable"]["properties"]


def test_the_schema_takes_a_parameter_where_a_number_stands() -> None:
    schema = json_schema()
    parameter = {"$ref": "#/$defs/Parameter"}
    for table, key in ((schema, "turns"), (schema["$defs"]["AgentTable"], "quarry")):
        assert parameter in table["properties"][key]["anyOf"], key
    whole, *_ = schema["$defs"]["TriggerTable"]["properties"]["turn"]["anyOf"]
    assert parameter in whole["anyOf"]
    assert parameter not in schema["$defs"]["ParamTable"]["properties"]["values"].get("anyOf", [])
    pattern = schema["$defs"]["Parameter"]["pattern"]
    assert re.match(pattern, "$pursuers") and not re.match(pattern, "$1")


def test_no_file_however_damaged_ends_in_a_traceback() -> None:
    lines = load_scenario("freeway_arrival").texts["scenario"].split("\n")
    dice = random.Random(7)
    junk = ["3", '"x"', "[]", "{}", "true", "-1", '["john"]', "1.5", '"@all"', '{ on = "near" }']
    refused = 0
    for _ in range(40):
        damaged = list(lines)
        for _ in range(dice.choice([1, 2, 5])):
            at = dice.randrange(len(damaged))
            damaged[at] = f"{damaged[at].split('=')[0]}= {dice.choice(junk)}" if "=" in damaged[at] else ""
        try:
            scenario_from_texts({"scenario": "\n".join(damaged)}, dice.choice(["film", "open"]))  # type: ignore[arg-type]
        except ContentError as error:
            refused += 1
            assert all(problem.message for problem in error.problems)
    assert refused > 20


FILMS = [name for name in scenario_names() if load_scenario(name).checks]


@pytest.mark.parametrize("name", FILMS)
def test_the_film_line_holds(name: str) -> None:
    _, checks, triggers = play(load_scenario(name, "film"), seeds=10)
    assert [(check.name, check.actual) for check in checks if check.status != "pass"] == []
    assert [trigger for trigger in triggers if trigger.fired < trigger.episodes] == []


@pytest.mark.slow
@pytest.mark.parametrize("name", FILMS)
def test_the_film_line_holds_on_a_hundred_seeds(name: str) -> None:
    _, checks, _ = play(load_scenario(name, "film"), seeds=100, first=1_000)
    assert [(check.name, check.passed) for check in checks if check.status != "pass"] == []


@pytest.mark.parametrize("seeds", [100, pytest.param(1000, marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", FILMS)
def test_open_play_is_no_foregone_conclusion(name: str, seeds: int) -> None:
    state, checks, _ = play(load_scenario(name, "open"), seeds)
    shares = np.bincount(state.outcome, minlength=5)[:2] / state.num_rows  # quarry killed, quarry escaped
    assert ((shares > 0.1) & (shares < 0.9)).all(), shares
    assert {check.status for check in checks} == {"skipped"}


@pytest.mark.parametrize("name", scenario_names())
@pytest.mark.parametrize("line", ["film", "open"])
def test_nothing_shipped_is_left_over(name: str, line: str) -> None:
    scenario = load_scenario(name, line)  # type: ignore[arg-type]
    assert scenario.warnings == ()
    assert scenario.name == name
    assert len(scenario.policies) == scenario.world.num_agents


def test_coverage_tells_the_nearest_miss() -> None:
    scenario = demo()
    world = scenario.world
    watch = TriggerWatch(world, 1)
    state = fresh(world, np.arange(1, dtype=np.uint64))
    watch.see(state)
    (seen,) = watch.results()
    assert (seen.name, seen.fired, seen.first_turn) == ("seen", 0, -1)
    assert seen.near_miss == "its event (sighted) never happened"
    rollout(world, state, [], turns=2, on_turn=watch.hear)
    assert watch.results()[0].never


def test_a_check_tells_expected_and_actual() -> None:
    scenario = demo('id = "alive"', 'id = "alive"\ntitle = "John lives"\nat = "always"')
    watch = CheckWatch(scenario.world, scenario.checks, 2)
    state = fresh(scenario.world, np.arange(2, dtype=np.uint64))
    watch.see(state)
    (alive,) = watch.results()
    assert (alive.status, alive.title, alive.expected) == ("pass", "John lives", "after every turn: john status well")
    down = state.evolve(status=np.array([[0, 0], [0, 1]], np.int8), turn=np.array([1, 1], np.int32))
    watch.see(down)
    (alive,) = watch.results()
    assert (alive.status, alive.passed, alive.first_failed, alive.actual) == ("fail", 1, 1, "not after turn 1")
    assert alive.fatal
