"""The identity filter against the exact joint filter on tiny boards."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from tests.mimicry.glance import Body, glance
from tests.reference.joint import Corpses, Game, Joint, Picture, small_world

from pursuit.core.state import Mark
from pursuit.mimicry.belief import Belief, Prior
from pursuit.mimicry.habits import Habits
from pursuit.mimicry.identity import Identity
from pursuit.sense.observation import Brief, Observation, Wounds
from pursuit.sense.observe import brief

HABITS = Habits()


class Pair:
    """Both filters from one prior, with a game that both watch."""

    def __init__(self, seed: int, num_nodes: int, num_people: int, kills: float = HABITS.kills) -> None:
        rng, dice = Random(seed), np.random.default_rng(seed)
        world = small_world(rng, num_nodes, num_people)
        self.last, habits = world.num_agents - 1, Habits(dies=HABITS.dies, arrives=HABITS.arrives, kills=kills)
        self.brief: Brief = brief(world, (self.last,))
        guises, agents = world.num_guises, world.num_agents
        shifter = dice.dirichlet(np.full((num_people + 1) * num_nodes, 0.5)) * 0.97
        shifter = np.concatenate([shifter.reshape(-1, num_nodes), np.zeros((1, num_nodes))])
        person = dice.dirichlet(np.full(num_nodes, 0.5), agents) * 0.95
        touchable = np.arange(guises) > 0
        touchable[self.last] = False
        self.joint = Joint(world, self.brief, habits, shifter, 0.03, person, 0.05)
        self.filter = Identity(self.brief, habits, np.float64)
        self.belief: Belief = self.filter.start(1, Prior(shifter, 0.03, person, 0.05, touchable))
        self.game = Game(self.joint, rng)

    def observation(self, watcher: int, picture: Picture, corpses: Corpses) -> Observation:
        bodies = [Body(guise, node, Mark.CHANGED if changed else Mark(0)) for guise, node, changed in picture]
        bodies += [Body(guise, node, wounds=Wounds.DEAD) for guise, node in corpses]
        return glance(self.brief, {self.last: watcher}, bodies)

    def look(self) -> None:
        seen = self.game.look()
        self.joint.correct(*seen)
        self.belief = self.filter.update(self.belief, self.observation(*seen))

    def step(self) -> None:
        self.game.step()
        self.joint.predict()

    def loss(self) -> float:
        """How much less likely the filter holds the truth for than the exact filter does, in nats."""
        at = self.game.shifter
        if at == len(self.joint.spots):
            exact, held = 1 - self.joint.shifter().sum(), self.belief.gone[0]
        else:
            exact, held = self.joint.shifter()[self.joint.spots[at]], self.belief.shifter[(0, *self.joint.spots[at])]
        return float(np.log(exact) - np.log(held))


@pytest.mark.parametrize("num_nodes", [5, 6, 8, 12])
@pytest.mark.parametrize("seed", range(12))
def test_the_first_correction_is_exact(seed: int, num_nodes: int) -> None:
    pair = Pair(seed, num_nodes, 2 if num_nodes > 6 else 3)
    pair.look()
    joint, belief = pair.joint, pair.belief
    exact = joint.shifter()
    assert np.allclose(belief.shifter[0, :-1], exact, atol=1e-6)
    assert np.isclose(belief.gone[0], 1 - exact.sum(), atol=1e-6)
    for slot in joint.people:
        for wears_it in (False, True):
            worn = exact[slot].sum()
            if (worn if wears_it else 1 - worn) > 1e-9:
                held = np.append(belief.person[0, int(wears_it), slot], belief.dead[0, int(wears_it), slot])
                assert np.allclose(held, joint.person(slot, wears_it), atol=1e-6)


def _mean_loss(seed: int, steps: int, num_nodes: int, num_people: int) -> float:
    """Over games of 20 turns."""
    losses: list[float] = []
    game = 0
    while len(losses) < steps:
        pair = Pair(1000 * seed + game, num_nodes, num_people)
        pair.look()
        for _ in range(20):
            pair.step()
            pair.look()
            losses.append(pair.loss())
        assert not pair.belief.resets[0]
        game += 1
    return float(np.mean(losses))


def test_little_is_lost_against_the_exact_filter() -> None:
    assert _mean_loss(1, 100, 6, 3) <= 0.06


@pytest.mark.slow
def test_little_is_lost_over_a_thousand_steps() -> None:
    assert _mean_loss(2, 1000, 6, 3) <= 0.06
