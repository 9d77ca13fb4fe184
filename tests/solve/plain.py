"""The same games solved slowly and plainly, state by state, with sets and loops: what the bits are compared with."""

from __future__ import annotations

from itertools import product

State = tuple[tuple[int, ...], int]


def plain_turns(
    out: list[set[int]],
    pursuers: int,
    *,
    adjacent: bool = False,
    lazy: bool = False,
    exits: frozenset[int] = frozenset(),
) -> dict[State, int]:
    """Turns to capture of every state (pursuers, evader) that is won. ``out[n]`` is where n leads, without n itself."""
    nodes = range(len(out))
    stay_or_go = [out[node] | {node} for node in nodes]

    def caught(team: tuple[int, ...], evader: int) -> bool:
        return any(p == evader or (adjacent and (evader in out[p] or p in out[evader])) for p in team)

    def moves(team: tuple[int, ...]) -> list[tuple[int, ...]]:
        joint = product(*(sorted(stay_or_go[p]) for p in team))
        return [move for move in joint if not lazy or sum(a != b for a, b in zip(team, move, strict=True)) <= 1]

    teams = list(product(nodes, repeat=pursuers))
    ways = {team: moves(team) for team in teams}
    won: dict[State, int] = {(team, e): 0 for team in teams for e in nodes if caught(team, e)}
    left = [(team, e) for team in teams for e in nodes if (team, e) not in won and e not in exits]
    turn = 0
    while True:
        turn += 1

        def good(move: tuple[int, ...], evader: int) -> bool:
            if not adjacent and caught(move, evader):
                return True
            return all((move, answer) in won for answer in stay_or_go[evader])

        fresh = [(team, e) for team, e in left if any(good(move, e) for move in ways[team])]
        if not fresh:
            return won
        won.update(dict.fromkeys(fresh, turn))
        left = [state for state in left if state not in won]
