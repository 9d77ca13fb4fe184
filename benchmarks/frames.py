"""Frames a second on a software surface, 1280x800: the chase on 1,500 street corners, or a story scenario's open play.

Each frame is composed from the states and drawn in full, map and panels, as the window does while it plays: five
frames a turn, the layer that does not change kept. A second pass looks through one mind, with what it cannot see dimmed
and left out. The checksum is over the pixels of all frames.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from tempfile import TemporaryDirectory

from harness import best, options, report
from pursuit.content.scenario import Scenario, load_scenario
from pursuit.play.lineup import assign
from pursuit.play.replay import Replay, open_replay
from pursuit.play.session import make_head, play
from pursuit.viewer.compose import compose
from pursuit.viewer.export import paint
from pursuit.viewer.frame import Lens, View
from pursuit.viewer.reel import Reel
from pursuit.viewer.scene import draw_scene

SIZE = (1280, 800)
STEPS = 5


def recorded(scenario: Scenario, folder: Path) -> Replay:
    """The first turns of an episode, as a replay."""
    world, path = scenario.world, folder / "frames.chase.jsonl"
    speakers = assign(world, scenario.policies)
    play(world, 1, speakers, head=make_head(scenario, 1, speakers), path=path, turns=60)
    return open_replay(path)


def main() -> None:
    parser = options(__doc__ or "")
    parser.add_argument("--scenario", default="chase")
    parser.add_argument("--board", default="streets:46x42:0.2:7", help="for `chase`")
    args = parser.parse_args()
    params = {"board": args.board} if args.scenario == "chase" else {}
    with TemporaryDirectory() as folder:
        replay = recorded(load_scenario(args.scenario, line="open", params=params), Path(folder))
    world = replay.world
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
