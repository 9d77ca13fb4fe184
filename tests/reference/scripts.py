"""Random scripts: every condition and effect, with places, agents and limits that matter now and then."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import numpy as np

from pursuit.core.script import HIGHEST, LOWEST, Ask, Condition, Cue, Do, Edge, Effect, Script, Toward, Trigger
from pursuit.core.state import Gait, Mark, Order, Refusal, Verb
from pursuit.core.world import World

from .boards import fixed

PLACED = {
    Ask.ENTER, Ask.EXIT, Ask.ARRIVE, Ask.PASS_EDGE, Ask.DISTANCE, Ask.STANDS, Ask.ITEM_LIES, Ask.VEHICLE_STANDS,
    Ask.COUNT,
}  # fmt: skip
NUM_AREAS, NUM_FACTS, NUM_VARS = 3, 3, 2


def scripted(world: World, rng: Random) -> World:
    """The world with a random script."""
    return replace(world, script=_Writer(world, rng).script(), fact_name=("north", "south", "east"))


class _Writer:
    """Writes one script for one world."""

    def __init__(self, world: World, rng: Random) -> None:
        self.world, self.rng = world, rng
        self.num_triggers, self.num_cues = rng.randint(6, 14), rng.randint(1, 3)
        self.agents = range(world.num_agents)

    def script(self) -> Script:
        nodes = self.world.board.num_nodes
        areas = [[self.rng.random() < 0.3 for _ in range(nodes)] for _ in range(NUM_AREAS)]
        for area in areas:
            area[self.rng.randrange(nodes)] = True
        return Script(
            triggers=tuple(self.trigger(number) for number in range(self.num_triggers)),
            cues=tuple(self.cue(number) for number in range(self.num_cues)),
            var_name=("x", "y"),
            var_start=(0, self.rng.randint(-2, 2)),
            areas=tuple(fixed(area, np.bool_) for area in areas),
        )

    def trigger(self, number: int) -> Trigger:
        rng = self.rng
        start = rng.random() < 0.15
        return Trigger(
            name=f"trigger {number}",
            on=Condition(Ask.START) if start else self.condition(0),
            when=self.condition(2) if rng.random() < 0.4 else None,
            effects=tuple(self.effect() for _ in range(rng.randint(1, 3))),
            edge=Edge.LEVEL if start else rng.choice(list(Edge)),
            max=rng.choice([0, 0, 1, 2]),
            cooldown=rng.choice([0, 0, 1, 3]),
            delay=rng.choice([0, 0, 0, 1, 2]),
            priority=rng.choice([0, 0, 1, -1]),
            enabled=rng.random() < 0.85,
            chance=rng.choice([1000, 1000, 1000, 500]),
        )

    def some(self) -> tuple[int, ...]:
        """Some agents, one or several or all."""
        size = self.rng.choice([1, 2, len(self.agents), len(self.agents)])
        return tuple(self.rng.sample(self.agents, min(size, len(self.agents))))

    def area(self) -> int:
        return self.rng.randrange(NUM_AREAS)

    def node(self) -> int:
        return self.rng.randrange(self.world.board.num_nodes)

    def limited(self, condition: Condition, low: int, high: int) -> Condition:
        """The condition with a limit or two in this range."""
        one = self.rng.randint(low, high)
        lower, upper = self.rng.choice([(one, one), (one, HIGHEST), (LOWEST, one)])
        return replace(condition, low=lower, high=upper)

    def condition(self, depth: int) -> Condition:
        """A condition with at most `depth` more levels of all, any and not."""
        rng, world = self.rng, self.world
        asks = [ask for ask in Ask if ask not in (Ask.START, Ask.OUTCOME)]
        ask = rng.choice([Ask.ALL, Ask.ANY, Ask.NOT, Ask.NOT] if depth and rng.random() < 0.3 else asks)
        if ask in (Ask.ALL, Ask.ANY, Ask.NOT):
            if depth == 0:
                return Condition(Ask.TURN, low=rng.randint(1, 3), every=rng.randint(1, 4))
            count = 1 if ask == Ask.NOT else rng.randint(1, 3)
            return Condition(ask, tuple(self.condition(depth - 1) for _ in range(count)))
        things = {
            Ask.ITEM_LIES: world.num_items, Ask.ITEM_HELD: world.num_items, Ask.ROUNDS: world.num_items,
            Ask.VEHICLE_STANDS: world.num_vehicles, Ask.VEHICLE_DRIVEN: world.num_vehicles,
            Ask.DOOR: world.board.num_doors, Ask.GONE: world.num_items, Ask.RUNNING: len(world.hazard_name),
            Ask.ARMED: world.num_items,
        }  # fmt: skip
        if ask in things and things[ask] == 0:
            return Condition(Ask.CONTACT, who=self.some(), whom=self.some())
        area = self.area() if ask in PLACED else -1
        plain = Condition(ask, who=self.some(), whom=self.some(), area=area)
        match ask:
            case Ask.TURN:
                return replace(plain, low=rng.randint(1, 3), high=rng.choice([2, HIGHEST]), every=rng.randint(1, 3))
            case Ask.PASS_EDGE:
                return replace(plain, beyond=self.area())
            case Ask.DISTANCE:
                area = rng.choice([-1, plain.area])
                return self.limited(replace(plain, area=area, whom=() if area >= 0 else plain.whom), 0, 4)
            case Ask.STRIKE:
                bits = rng.choice([1 << Verb.STRIKE, 1 << Verb.SHOOT, 1 << Verb.STRIKE | 1 << Verb.SHOOT])
                everybody = tuple(self.agents) if rng.random() < 0.5 else plain.who
                return replace(plain, who=everybody, whom=tuple(self.agents), bits=bits, flag=rng.random() < 0.5)
            case Ask.MARKED:
                mark = rng.choice([Mark.HURT, Mark.FELL, Mark.CHANGED, Mark.CHANGED, Mark.BLOCKED])
                worn = rng.randrange(world.num_guises) if mark == Mark.CHANGED and rng.random() < 0.3 else -1
                unmask = mark == Mark.CHANGED and rng.random() < 0.4
                return replace(plain, bits=int(mark), thing=-1 if unmask else worn, flag=unmask)
            case Ask.DEED:
                bits = sum(1 << verb for verb in rng.sample(list(Verb)[1:], rng.choice([1, 8])))
                return replace(plain, bits=bits, thing=rng.choice([-1, -1, 0, 1]))
            case Ask.REFUSED:
                return replace(plain, bits=rng.choice([(1 << len(Refusal)) - 2, 1 << rng.randint(1, len(Refusal) - 1)]))
            case Ask.IDLE:
                return replace(plain, low=rng.randint(1, 3))
            case Ask.ALARM:
                return replace(plain, low=rng.randint(0, 3))
            case Ask.TIMER:
                return replace(plain, thing=rng.randrange(self.num_triggers), low=rng.randint(0, 3))
            case Ask.VAR:
                return self.limited(replace(plain, thing=rng.randrange(NUM_VARS)), -1, 3)
            case Ask.DONE | Ask.CUE:
                none = ask == Ask.CUE and rng.random() < 0.3
                return replace(plain, thing=-2 if none else rng.randrange(self.num_cues))
            case Ask.STATUS:
                return replace(plain, bits=rng.choice([1, 2, 4, 6, 8, 14, 16, 32]))
            case Ask.GUISE:
                return replace(plain, thing=rng.randrange(world.num_guises))
            case Ask.MASKED | Ask.WANTED | Ask.HELD | Ask.PERSUADED:
                return replace(plain, flag=rng.random() < 0.5)
            case Ask.RIDES:
                return replace(plain, thing=rng.choice([-1, -2, *range(world.num_vehicles)]))
            case Ask.ORDER:
                return replace(plain, thing=int(rng.choice([Order.NONE, Order.HOLD, Order.GO, Order.FOLLOW])))
            case Ask.GONE:
                items = range(world.num_items)
                return self.limited(replace(plain, who=tuple(rng.sample(items, rng.choice([1, len(items)])))), 0, 2)
            case Ask.RUNNING | Ask.ARMED:
                return replace(plain, thing=rng.randrange(things[ask]))
            case Ask.TAKEN | Ask.SPARED:
                return self.limited(plain, 0, 1)
            case Ask.HEALTH:
                return self.limited(plain, 0, 20)
            case Ask.ITEM_LIES | Ask.ITEM_HELD | Ask.VEHICLE_STANDS | Ask.VEHICLE_DRIVEN:
                return replace(plain, thing=rng.randrange(things[ask]))
            case Ask.ROUNDS:
                return self.limited(replace(plain, thing=rng.randrange(things[ask])), 0, 4)
            case Ask.DOOR:
                return replace(plain, thing=rng.randrange(things[ask]), bits=rng.choice([1, 2, 3, 4, 12]))
            case Ask.COUNT:
                bits = rng.choice([15, 1, 6, 32])
                return self.limited(replace(plain, bits=bits, area=rng.choice([-1, plain.area])), 0, 3)
            case Ask.KNOWS:
                return replace(plain, thing=rng.randrange(NUM_FACTS))
            case Ask.FIRED:
                return self.limited(replace(plain, thing=rng.randrange(self.num_triggers)), 0, 2)
        return plain

    def effect(self) -> Effect:
        rng, world = self.rng, self.world
        do = rng.choice([do for do in Do if do != Do.END or rng.random() < 0.2])
        item, door = world.num_items, world.board.num_doors
        if (do == Do.GIVE and not item) or (do in (Do.OPEN, Do.CLOSE) and not door):
            do = Do.KNOW
        if do in (Do.START, Do.STOP) and not world.hazard_name:
            do = Do.KNOW
        bounds = {
            Do.CUE: self.num_cues, Do.SET: NUM_VARS, Do.ADD: NUM_VARS, Do.KNOW: NUM_FACTS, Do.GIVE: item,
            Do.OPEN: door, Do.CLOSE: door, Do.ENABLE: self.num_triggers, Do.DISABLE: self.num_triggers,
            Do.END: len(world.outcome_name), Do.START: len(world.hazard_name), Do.STOP: len(world.hazard_name),
        }  # fmt: skip
        thing = rng.randrange(bounds[do]) if do in bounds else -1
        who = self.some()
        if do == Do.LINK:
            side = rng.choice(world.side.tolist())
            who = tuple(agent for agent in self.agents if world.side[agent] == side)
        if do == Do.SEND_AWAY:
            who = who[:1]
        node = self.node() if do == Do.ALARM or rng.random() < 0.5 else -1
        return Effect(do, who=who, thing=thing, node=node, amount=rng.choice([0, 1, 2, 5, 30]))

    def cue(self, number: int) -> Cue:
        rng, world = self.rng, self.world
        goals = {Toward.NODE: world.board.num_nodes, Toward.GUISE: world.num_guises, Toward.ITEM: world.num_items}
        goals[Toward.VEHICLE] = world.num_vehicles
        toward = rng.choice([one for one, bound in goals.items() if bound] + [Toward.GUISE])
        verb = rng.choice([Verb.WAIT, Verb.WAIT, Verb.WAIT, Verb.WAIT, Verb.STRIKE])
        return Cue(
            f"cue {number}", rng.choice(self.agents), toward, rng.randrange(goals[toward]), int(Gait.RUN), int(verb),
            0, 0, -1,
        )  # fmt: skip
