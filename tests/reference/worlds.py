"""Small random Worlds, made directly as dataclasses, so that every branch of the rules comes up."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.core.board import Board, Feature, Mode
from pursuit.core.distance import Sight, Tie, Ways
from pursuit.core.roster import Effect, Roster, Trait
from pursuit.core.script import Script
from pursuit.core.world import Hazard, Numbers, Outcome, Ruleset, Side, World

from .boards import fixed, open_board, random_board

SHIFTER = Trait.MACHINE | Trait.MORPHS | Trait.POLY | Trait.SLIPS_BARS | Trait.STRONG | Trait.DRIVES | Trait.SHOOTS
KINDS: dict[str, Trait] = {
    "shifter": SHIFTER,
    "protector": Trait.MACHINE
    | Trait.STRONG
    | Trait.STURDY
    | Trait.DRIVES
    | Trait.SHOOTS
    | Trait.COMMANDED
    | Trait.BACKUP
    | Trait.NO_SELF_HARM,
    "child": Trait.CHILD | Trait.RIDES | Trait.COMMANDS,
    "fighter": Trait.DRIVES | Trait.RIDES | Trait.SHOOTS | Trait.COMMANDS | Trait.COMMANDED | Trait.CONSCIENCE,
    "police": Trait.LAW | Trait.DRIVES | Trait.SHOOTS | Trait.COMMANDS | Trait.SEIZES,
    "civilian": Trait.SEIZES | Trait.WITNESS,
    "robot": Trait.MACHINE | Trait.STRONG | Trait.SHOOTS | Trait.COMMANDED | Trait.DRIVES | Trait.BACKUP,
    "thief": Trait.SLIPS_BARS | Trait.RIDES | Trait.SHOOTS | Trait.PICKS,
}
NAMES = list(KINDS)
WEAPONS = {  # (reach, hit, damage, stagger, effect, lethal, rounds, noise, blast)
    "fists": (0, 700, 6, 0, Effect.BLOW, False, 0, 5, 0),
    "tackle": (0, 600, 2, 2, Effect.BLOW, False, 0, 0, 0),
    "blades": (0, 750, 14, 1, Effect.BLADE, True, 0, 0, 0),
    "pistol": (7, 701, 9, 1, Effect.BULLET, True, 5, 60, 0),
    "launcher": (25, 801, 30, 2, Effect.BLAST, True, 3, 200, 6),
    "dart": (9, 900, 12, 3, Effect.BULLET, False, 2, 0, 0),
    "bayonet": (6, 800, 10, 0, Effect.BLADE, True, 4, 10, 0),
    "charge": (0, 1000, 25, 2, Effect.BLAST, True, 0, 150, 11),
}
RIDES = {  # (seats, pace, mode, radio, noise)
    "motorcycle": (2, 300, Mode.MOTORCYCLE, False, 80),
    "car": (3, 250, Mode.CAR, False, 50),
    "police car": (2, 270, Mode.CAR, True, 55),
    "truck": (1, 130, Mode.TRUCK, False, 120),
    "cart": (4, 170, Mode.FOOT, False, 0),
}


PACE = dict(zip(NAMES, (120, 80, 70, 80, 75, 65, 100, 100), strict=True))
HEALTH = dict(zip(NAMES, (40, 60, 14, 20, 20, 14, 20, 14), strict=True))
MELEE = dict(zip(NAMES, (2, 0, 0, 0, 1, 0, 0, 2), strict=True))


def make_roster(pace: dict[str, int], health: dict[str, int], melee: dict[str, int], heals: dict[str, int]) -> Roster:
    """The kinds, weapons and vehicle kinds above; numbers left out are those of the tables above (heals: 0)."""
    weapons, rides = list(zip(*WEAPONS.values(), strict=True)), list(zip(*RIDES.values(), strict=True))
    return Roster(
        kind_name=tuple(KINDS), pace=fixed(list((PACE | pace).values()), np.int16),
        health=fixed(list((HEALTH | health).values()), np.int16),
        heals=fixed([heals.get(name, 0) for name in NAMES], np.int16),
        traits=fixed([int(traits) for traits in KINDS.values()], np.uint32),
        melee=fixed(list((MELEE | melee).values()), np.int8),
        weapon_name=tuple(WEAPONS), reach=fixed(weapons[0], np.int32), hit=fixed(weapons[1], np.int16),
        damage=fixed(weapons[2], np.int16), stagger=fixed(weapons[3], np.int8), effect=fixed(weapons[4], np.int8),
        lethal=fixed(weapons[5], np.bool_), rounds=fixed(weapons[6], np.int16), noise=fixed(weapons[7], np.int32),
        blast=fixed(weapons[8], np.int32),
        ride_name=tuple(RIDES), ride_seats=fixed(rides[0], np.int8), ride_pace=fixed(rides[1], np.int16),
        ride_mode=fixed(rides[2], np.int8), ride_radio=fixed(rides[3], np.bool_), ride_noise=fixed(rides[4], np.int32),
    )  # fmt: skip


def random_roster(rng: Random) -> Roster:
    """The kinds with numbers that vary; persons have `heals` too, and must not."""

    def some(*values: int) -> dict[str, int]:
        return {name: rng.choice(values) for name in NAMES}

    melee = some(0, 1, 2) | {"shifter": 2}
    return make_roster(some(65, 70, 80, 100, 120, 150, 210), some(8, 14, 20, 30), melee, some(0, 0, 3) | {"shifter": 4})


NUMBERS = Numbers(
    talk_hops=1, bluff=500, split_turns=2, force_noise=40, throw_hops=2, backup_turns=2, backup_health=300,
    press_damage=9, fire_damage=4, pick=500, seize=600, alarm_noise=30, deadman_turns=2,
)  # fmt: skip


def _hazards(board: Board, more: list[tuple[Hazard, bool, list[int]]]) -> dict[str, Any]:
    """The columns of a board's hazards (a press runs at the start) and of others: (kind, on, nodes)."""
    found = [(Hazard.MELTS, Feature.VAT), (Hazard.CRUSHES, Feature.PRESS)]
    rows = [(kind, True, np.flatnonzero(board.feature & bit).tolist()) for kind, bit in found] + more
    rows = [row for row in rows if row[2]]
    nodes = np.zeros((len(rows), board.num_nodes), np.bool_)
    for number, (_, _, where) in enumerate(rows):
        nodes[number, where] = True
    return {
        "hazard_name": tuple(f"hazard {number}" for number in range(len(rows))),
        "hazard_kind": fixed([kind for kind, _, _ in rows], np.int8),
        "hazard_on": fixed([on for _, on, _ in rows], np.bool_),
        "hazard_nodes": fixed(nodes, np.bool_),
    }


def make_world(
    board: Board,
    roster: Roster,
    *,
    kind: list[int],
    side: list[int],
    start: list[list[int]],
    mind: list[int] | None = None,
    guise: list[int] | None = None,
    absent: list[bool] | None = None,
    quarry: list[bool] | None = None,
    sampled: list[int] | None = None,
    items: list[tuple[bool, int, int, int, int]] | None = None,
    vehicles: list[tuple[int, int, int]] | None = None,
    exits: list[tuple[int, int]] | None = None,
    numbers: Numbers = NUMBERS,
    hazards: list[tuple[Hazard, bool, list[int]]] | None = None,
    patient: list[int] | None = None,
    wanted: list[int] | None = None,
    keys: list[tuple[int, int]] | None = None,
    locks: dict[int, int] | None = None,
    evidence: list[int] | None = None,
    facts: list[int] | None = None,
    item_evidence: list[int] | None = None,
    item_part: list[int] | None = None,
    turns: int = 20,
    ruleset: Ruleset = Ruleset.STORY,
    capture_hops: int = 0,
    tie: Tie = "first",
    withheld: tuple[Outcome, ...] = (),
) -> World:
    """A World with sensible rest: items are (simple, weapon, net, node, holder), vehicles (kind, net, node),
    exits (side, node), keys (item, door), `locks` how many keys at once; `mind` defaults to everybody alone,
    `quarry` to slot 1."""
    agents, items, vehicles = range(len(kind)), items or [], vehicles or []
    widest = max(map(len, start))
    leaves = np.zeros((len(Side), board.num_nodes), np.bool_)
    for one_side, node in exits or []:
        leaves[one_side, node] = True
    opens = np.zeros((len(items), board.num_doors), np.bool_)
    for key, door in keys or []:
        opens[key, door] = True
    takes = [
        locks.get(door, int(opens[:, door].any())) if locks else int(opens[:, door].any())
        for door in range(board.num_doors)
    ]
    touched = np.zeros(len(kind) + len(items), np.bool_)
    touched[sampled or []] = True

    def item(part: int, dtype: type[np.generic]) -> NDArray[Any]:
        return fixed([one[part] for one in items], dtype)

    def vehicle(part: int, dtype: type[np.generic]) -> NDArray[Any]:
        return fixed([one[part] for one in vehicles], dtype)

    return World(
        name="random", title="Random", ruleset=ruleset, board=board, ways=Ways(board, tie=tie), sight=Sight(board),
        roster=roster, numbers=numbers, turns=turns,
        agent_name=tuple(f"{roster.kind_name[k]} {a}" for a, k in enumerate(kind)), kind=fixed(kind, np.int8),
        side=fixed(side, np.int8), mind=fixed(mind or list(agents), np.int8),
        start=fixed([nodes + nodes[-1:] * (widest - len(nodes)) for nodes in start], np.int32),
        num_start=fixed([len(nodes) for nodes in start], np.int32), guise=fixed(guise or list(agents), np.int16),
        absent=fixed(absent or [False for _ in agents], np.bool_),
        quarry=fixed(quarry or [a == 1 for a in agents], np.bool_), sampled=fixed(touched, np.bool_),
        item_name=tuple(f"item {i}" for i in range(len(items))), item_simple=item(0, np.bool_),
        item_weapon=item(1, np.int8), item_radio=fixed(item(2, np.int8) >= 0, np.bool_), item_side=item(2, np.int8),
        item_node=item(3, np.int32), item_holder=item(4, np.int8),
        vehicle_name=tuple(f"vehicle {v}" for v in range(len(vehicles))), vehicle_kind=vehicle(0, np.int8),
        vehicle_side=vehicle(1, np.int8), vehicle_node=vehicle(2, np.int32), exits=fixed(leaves, np.bool_),
        outcome_name=tuple(outcome.name.lower() for outcome in Outcome), outcome_score=fixed([2, 0, 0, 2, 1], np.int8),
        patient=fixed([a in (patient or []) for a in agents], np.bool_),
        wanted=fixed([a in (wanted or []) for a in agents], np.bool_),
        evidence=fixed([a in (evidence or []) for a in agents], np.bool_),
        facts=fixed(facts or [0 for _ in agents], np.uint32),
        item_evidence=fixed([i in (item_evidence or []) for i in range(len(items))], np.bool_),
        item_part=fixed([i in (item_part or []) for i in range(len(items))], np.bool_),
        item_opens=fixed(opens, np.bool_), door_keys=fixed(takes, np.int8),
        script=Script(), withheld=withheld, capture_hops=capture_hops, **_hazards(board, hazards or []),
    )  # fmt: skip


def random_world(seed: int, *, shifter: bool = True) -> World:
    """A story world of 3 to 10 agents; without a shifter nobody in it changes shape."""
    rng = Random(seed)
    board, roster = random_board(rng), random_roster(rng)
    num_nodes, num_agents = board.num_nodes, rng.randint(3, 10)
    cast = ["shifter" if shifter else rng.choice(["robot", "thief"]), rng.choice(["child", "fighter", "civilian"])]
    side = [int(Side.HUNTER), int(Side.GUARDIAN)]
    homes = {
        "protector": (Side.GUARDIAN,), "child": (Side.GUARDIAN, Side.BYSTANDER), "civilian": (Side.BYSTANDER,),
        "fighter": (Side.GUARDIAN, Side.GUARDIAN, Side.LAW), "police": (Side.LAW,),
        "robot": (Side.GUARDIAN, Side.HUNTER, Side.LAW), "thief": (Side.BYSTANDER, Side.GUARDIAN),
    }  # fmt: skip
    for _ in range(num_agents - 2):
        cast.append(rng.choice([*NAMES[1:], "fighter", "police", "civilian"]))
        side.append(int(rng.choice(homes[cast[-1]])))
    for agent in range(num_agents):  # a child in command of nobody shows little
        if cast[agent] == "child" and agent > 1 and rng.random() < 0.5:
            side[agent] = int(Side.GUARDIAN)
    mind = [rng.choice([a for a in range(agent + 1) if side[a] == side[agent]]) for agent in range(num_agents)]
    law = [agent for agent in range(num_agents) if side[agent] == Side.LAW]
    if rng.random() < 0.8:
        mind = [law[0] if agent in law else mind[agent] for agent in range(num_agents)]
    cluster = rng.sample(range(num_nodes), min(num_nodes, rng.choice([2, 4, 8])))
    if rng.random() < 0.5:  # where there is more to do
        cluster += np.flatnonzero(board.feature & (Feature.HOIST | Feature.LEVER)).tolist() * 2
    items = []
    shooters = [agent for agent, name in enumerate(cast) if KINDS[name] & Trait.SHOOTS]
    for _ in range(rng.randint(0, 6)):
        what = rng.choice(["gun", "gun", "radio", "radio", "radio", "thing", "thing", "device", "charge"])
        fit = shooters if what == "gun" else law if what == "radio" else []
        hands = fit if fit and rng.random() < 0.8 else range(num_agents)
        holder = rng.choice([-1, rng.choice(hands), rng.choice(hands)])
        weapon = rng.choice([3, 4, 4, 5, 6]) if what == "gun" else 7 if what == "charge" else -1
        net = int(rng.choice([Side.LAW, Side.LAW, Side.LAW, Side.GUARDIAN])) if what == "radio" else -1
        items.append((what == "thing", weapon, net, -1 if holder >= 0 else rng.choice(cluster), holder))
    own = [i for i, one in enumerate(items) if one[4] >= 0 and KINDS[cast[one[4]]] & Trait.COMMANDED][:1]
    keys = [(i, d) for i in range(len(items)) for d in range(board.num_doors) if rng.random() < 0.9]
    vehicles = []
    for _ in range(rng.randint(0, 3)):
        ride = rng.randrange(len(RIDES))
        vehicles.append((ride, int(Side.LAW) if roster.ride_radio[ride] else -1, rng.choice(cluster)))
    sampled = [g for g in range(num_agents) if rng.random() < 0.3]
    sampled += [num_agents + i for i, one in enumerate(items) if one[0] and rng.random() < 0.5]
    guise = list(range(num_agents))
    if shifter and sampled and rng.random() < 0.3:
        guise[0] = rng.choice(sampled)
    return make_world(
        board, roster, kind=[NAMES.index(name) for name in cast], side=side, mind=mind, guise=guise,
        start=[rng.choices(cluster, k=rng.randint(1, 3)) for _ in cast],
        absent=[agent > 1 and rng.random() < 0.06 for agent in range(num_agents)],
        quarry=[agent == 1 or (s == Side.GUARDIAN and rng.random() < 0.2) for agent, s in enumerate(side)],
        sampled=sampled if shifter else [], items=items, vehicles=vehicles,
        exits=[(int(rng.choice(list(Side))), rng.randrange(num_nodes)) for _ in range(rng.randint(0, 3))],
        numbers=replace(
            NUMBERS, talk_hops=rng.randint(1, 4), bluff=rng.choice([300, 500, 700]), split_turns=rng.randint(1, 3),
            force_noise=rng.choice([30, 60]), throw_hops=rng.randint(1, 2), backup_turns=rng.randint(1, 3),
        ),
        hazards=[
            (Hazard.BURNS, rng.random() < 0.6, rng.sample(range(num_nodes), 3)) for _ in range(rng.choice([0, 1]))
        ],
        patient=[a for a in range(num_agents) if rng.random() < 0.4],
        wanted=[a for a in range(num_agents) if rng.random() < 0.2],
        evidence=[a for a in range(num_agents) if rng.random() < 0.2],
        facts=[rng.choice([0, 1, 6]) for _ in range(num_agents)],
        item_evidence=[i for i in range(len(items)) if rng.random() < 0.3],
        item_part=rng.choice([own, own, [i for i in range(len(items)) if rng.random() < 0.2]]),
        keys=keys, locks={d: 2 for d in range(board.num_doors) if rng.random() < 0.3},
        turns=rng.choice([8, 15, 20, 25]), tie="last" if rng.random() < 0.5 else "first",
        withheld=(Outcome.QUARRY_ESCAPED, Outcome.HUNTER_DESTROYED) if seed % 5 == 2 else (),
    )  # fmt: skip


def classical_world(seed: int, ruleset: Ruleset) -> World:
    """A unit board with one to three pursuers and one or two evaders, in any order of slots."""
    rng = Random(seed)
    board = open_board(rng)
    side = [int(Side.HUNTER)] * rng.randint(1, 3) + [int(Side.GUARDIAN)] * rng.randint(1, 2)
    rng.shuffle(side)
    quarry = [s == Side.GUARDIAN for s in side]
    minds = rng.choice([side, list(range(len(side)))])
    roster = make_roster(dict.fromkeys(NAMES, 100), {}, {}, {})
    return make_world(
        board, roster, kind=[NAMES.index("civilian")] * len(side), side=side, mind=minds, quarry=quarry,
        start=[rng.choices(range(board.num_nodes), k=rng.randint(1, 4)) for _ in side],
        exits=[(int(Side.GUARDIAN), rng.randrange(board.num_nodes)) for _ in range(rng.randint(0, 2))],
        turns=rng.choice([2, 3, 12]), ruleset=ruleset, capture_hops=rng.randint(0, 1),
        tie="last" if rng.random() < 0.5 else "first",
    )  # fmt: skip
