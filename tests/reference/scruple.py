"""What bars a deed: conscience before witnesses, the last part's own will; and what is a charge."""

from __future__ import annotations

from pursuit.core.roster import Effect, Trait
from pursuit.core.state import Status

from .table import Turn


def is_charge(t: Turn, item: int) -> bool:
    """Whether an item is a charge."""
    arm = t.book.item_weapon[item]
    return arm >= 0 and t.book.weapons[arm].effect == Effect.BLAST and t.book.weapons[arm].reach == 0


def last_part(t: Turn, agent: int) -> bool:
    """Whether all parts that are left are in this agent's hands."""
    now = t.now
    left = [i for i, part in enumerate(t.book.item_part) if part and (now.holder[i] >= 0 or now.item_node[i] >= 0)]
    return bool(left) and all(now.holder[item] == agent for item in left)


def is_barred(t: Turn, attacker: int, target: int, nodes: list[int], was: list[int]) -> bool:
    """Whether a conscience and a witness bar the killing blow; nodes and statuses as the phase began."""
    book = t.book
    if not book.has(attacker, Trait.CONSCIENCE):
        return False
    return any(
        book.has(w, Trait.WITNESS) and was[w] == Status.WELL and w not in (attacker, target)
        and t.sees(nodes[w], nodes[target])
        for w in t.agents
    )  # fmt: skip
