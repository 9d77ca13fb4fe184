"""Frames a second on a software surface, 1280x800: the chase on 1,500 street corners, or a story scenario's open play.

Each frame is composed from the states and drawn in full, map and panels, as the window does while it plays: five
frames a turn, the layer that does not change kept. A second pass looks through one mind, with what it cannot see dimmed
and left out. The checksum is over the pixels of all frames.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from harness import best, options, report
from pursuit.content.scenario import load_scenario, scenario_from_texts
from pursuit.core.state import Actions, State
from pursuit.core.world import World
from pursuit.play.lineup import assign
from pursuit.play.rollout import Step, rollout
from pursuit.play.seeds import episode_seeds
from pursuit.rules.told.events import Event, events
from pursuit.rules.turn import fresh
from pursuit.viewer.compose import compose
from pursuit.viewer.export import paint
from pursuit.viewer.frame import Lens, View
from pursuit.viewer.reel import Reel
from pursuit.viewer.scene import draw_scene

SIZE = (1280, 800)
STEPS = 5


@dataclass
class Kept:
    """An episode kept in memory, as the viewer asks for it."""

    world: World
    states: list[State]
    done: list[Actions] = field(default_factory=list)
    seed: int = 1
    command: str = ""
    badge: str = "verified"
    policies: dict[str, str] = field(default_factory=dict)
    marks: dict[int, str] = field(default_factory=dict)

    @property
    def num_turns(self) -> int:
        return len(self.states) - 1

    def state(self, turn: int) -> State:
        return self.states[turn]

    def actions(self, turn: int) -> Actions:
        return self.done[turn - 1]

    def events(self, turn: int) -> list[Event]:
        return events(self.world, self.states[turn - 1], self.states[turn])[0]


def main() -> None:
    parser = options(__doc__ or "")
    parser.add_argument("--scenario", default="chase")
    parser.add_argument("--board", default="streets:46x42:0.2:7", help="for `chase`")
    args = parser.parse_args()
    scenario = load_scenario(args.scenario, line="open")
    if args.scenario == "chase":
        text = scenario.texts["scenario"].replace("streets:36x35:0.2:7", args.board)
        scenario = scenario_from_texts({**scenario.texts, "scenario": text}, line="open")
    world = scenario.world
    replay = Kept(world, [fresh(world, episode_seeds(1, 1))])

    def keep(step: Step) -> None:
        replay.done.append(step.actions)
        replay.states.append(step.after)

    rollout(world, replay.states[0], assign(world, scenario.policies), turns=60, on_turn=keep)
    reel = Reel(replay)
    reel.scan(reel.num_turns)
    surface = paint(compose(reel, 0), SIZE)
    hunted = int(world.quarry.argmax())
    places = [step / STEPS for step in range((20 if args.quick else reel.num_turns) * STEPS)]

    def draw(view: View) -> str:
        hasher = hashlib.blake2b(digest_size=8)
        for place in places:
            draw_scene(surface, compose(reel, place, view))
            hasher.update(surface.get_buffer().raw[:: 1 << 12])
        return hasher.hexdigest()

    repeats = 1 if args.quick else 3
    seconds, everything = best(lambda: draw(View()), repeats)
    blind_seconds, blind = best(lambda: draw(View(hunted, Lens.SEEN)), repeats)
    report(
        "frames",
        len(places) / seconds,
        "frames/s",
        everything,
        args.json,
        milliseconds=round(seconds / len(places) * 1e3, 2),
        milliseconds_of_a_mind=round(blind_seconds / len(places) * 1e3, 2),
        checksum_of_a_mind=blind,
        scenario=args.scenario,
        nodes=world.board.num_nodes,
        agents=world.num_agents,
        frames=len(places),
    )


if __name__ == "__main__":
    main()
