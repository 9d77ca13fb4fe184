"""All distances and next hops of a unit board at once, 64 goals to a machine word.

For every node keep, as a row of bits, the goals it has *not* reached yet. In step k a node reaches whatever one of its
neighbors had reached by step k - 1, so its row becomes the AND of its own row and its neighbors' rows. That one
instruction serves 64 goals.

A distance is the number of steps spent away. It is counted without adding: in a Gray code consecutive numbers differ in
one bit, so "one more for all who are still away" is one XOR into one bit plane. Planes become bytes at the very end.

On a long board the goals of a block lie close together (:mod:`pursuit.core.ring`), so its wave is a ring that passes
over the board, and a step works on the rows of that ring alone.

Dimension letters: ``N`` nodes, ``D`` out-slots, ``G`` goals, ``R`` the most usable slots of any node.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pursuit.core.ring import Ring, is_long, landmarks, ring, tour

Bits = NDArray[np.uint8]  # [N, bytes] rows of bits, one for each goal
Words = NDArray[np.uint64]  # the same, 8 bytes at a time
Hops = NDArray[np.uint8] | NDArray[np.uint16]

_BLOCK_BYTES = 1 << 18  # a block's rows should stay in the second-level cache; twice that of a ring
_ONE_PER_BYTE = np.uint64(0x0101_0101_0101_0101)
_FAR_BYTE = 255
_RARE = 5  # a way that fewer than one node in so many has
_CHECK_EVERY = 4  # steps; looking whether anything changed costs as much as a slot


@dataclass(frozen=True, slots=True)
class Roads:
    """Usable out-slots, packed to the left, with the nodes that have most of them first.

    Then the r-th slots of all nodes are a prefix of the rows, and a node without one costs nothing.
    """

    row: NDArray[np.intp]  # [N] row of a node
    node: NDArray[np.intp]  # [N] node of a row
    leads: tuple[NDArray[np.intp], ...]  # R arrays: for each row that has an r-th slot, the row it leads to
    slot: NDArray[np.uint8]  # [R, N] the r-th usable slot of a node, 0 if there is none

    @property
    def num_nodes(self) -> int:
        return len(self.row)

    @property
    def both_ways(self) -> bool:
        """Whether every way leads back as well."""
        own = np.concatenate([np.arange(len(lead)) for lead in self.leads])
        to = np.concatenate(self.leads)
        return np.array_equal(np.unique(own * self.num_nodes + to), np.unique(to * self.num_nodes + own))


def pave(neighbor: NDArray[np.int32], usable: NDArray[np.bool_], *, last: bool = False) -> Roads:
    """Roads from a neighbor table ``[N, D]`` and the slots that may be used ``[N, D]``.

    Slot 0, *stay*, is never a road. With ``last``, slots are tried from the highest down.
    """
    usable = usable.copy()
    usable[:, 0] = False
    num_slots = usable.sum(axis=1)
    most = int(num_slots.max(initial=0))
    slots = np.arange(usable.shape[1])
    keys = np.where(usable, -slots if last else slots, slots.size)  # unusable ones sort to the end
    packed = np.argsort(keys, axis=1, kind="stable")[:, :most]
    node = np.argsort(-num_slots, kind="stable")
    row = np.empty_like(node)
    row[node] = np.arange(node.size)
    leads = []
    for rank in range(most):
        rows = node[: int((num_slots > rank).sum())]
        leads.append(row[neighbor[rows, packed[rows, rank]]])
    has_slot = np.arange(most)[:, None] < num_slots
    slot = np.where(has_slot, packed.T, 0).astype(np.uint8)
    return Roads(row, node, tuple(leads), slot)


def all_pairs(roads: Roads, *, hops: bool = True, limit: int | None = None) -> tuple[Hops, NDArray[np.uint8]]:
    """Distances and next hops of all pairs, each ``[N goal, N start]``.

    Distances are uint8 if all are below 255, else uint16; the largest value of the type says *unreachable* (or
    farther than ``limit``). A hop is the out-slot of ``start``, 0 at the goal and where there is no way. Without
    ``hops`` the second array is empty.
    """
    num_nodes = roads.num_nodes
    width = _width(num_nodes, _BLOCK_BYTES)
    if num_nodes <= width:
        return wavefront(roads, np.arange(num_nodes), hops=hops, limit=limit)
    goals, level = np.arange(num_nodes), None
    if limit is None:
        level = widen(wavefront(roads, landmarks(num_nodes), hops=False)[0])
        if is_long(level) and roads.both_ways:
            goals, width = tour(level), _width(num_nodes, 2 * _BLOCK_BYTES)
        else:
            level = None
    distance: Hops = np.empty((num_nodes, num_nodes), np.uint8)
    hop = np.empty((num_nodes, num_nodes) if hops else (0, 0), np.uint8)
    for first in range(0, num_nodes, width):
        block = goals[first : first + width]
        around = None if level is None else ring(level, block)
        near, slot = wavefront(roads, block, hops=hops, limit=limit, around=around)
        if near.dtype != distance.dtype:
            distance, near = widen(distance), widen(near)
        distance[block] = near
        if hops:
            hop[block] = slot
    return distance, hop


def _width(num_nodes: int, num_bytes: int) -> int:
    """How many goals a block has."""
    return max(64, num_bytes // max(num_nodes, 1) // 8 * 64)


def widen(distance: Hops) -> NDArray[np.uint16]:
    """Distances as uint16, *unreachable* included."""
    wide = distance.astype(np.uint16)
    if distance.dtype == np.uint8:
        wide[distance == _FAR_BYTE] = np.iinfo(np.uint16).max
    return wide


def wavefront(
    roads: Roads,
    goals: NDArray[np.intp],
    *,
    hops: bool = True,
    limit: int | None = None,
    around: Ring | None = None,
) -> tuple[Hops, NDArray[np.uint8]]:
    """Distances and next hops from every node to some goals, each ``[G, N]``, as :func:`all_pairs` has them.

    With ``around`` a step works on the rows of that ring; it must be one of these goals.
    """
    lanes = _lanes(roads, around)
    num_nodes, num_goals = roads.num_nodes, len(goals)
    away = np.zeros((num_nodes, -(-num_goals // 64) * 8), np.uint8)
    away[:, : num_goals // 8] = 0xFF
    if num_goals % 8:
        away[:, num_goals // 8] = (1 << num_goals % 8) - 1
    column = np.arange(num_goals)
    away[lanes.row[roads.row[goals]], column // 8] &= ~(1 << column % 8).astype(np.uint8)

    words = away.view(np.uint64)
    ahead, beyond = words.copy(), np.empty_like(words)
    steps: list[Words] = []  # Gray code of the distance, a plane for each bit
    step = 0
    most = limit if around is None else len(around.first)
    while most is None or step < most:
        low, high = (0, num_nodes) if around is None else (around.first[step], around.last[step])
        for rank, lead in enumerate(lanes.leads):
            here, there = ahead[low : min(high, len(lead))], beyond[low : min(high, len(lead))]
            if rank == 0:
                words.take(lead[low:high], axis=0, out=here, mode="clip")
                np.bitwise_and(here, words[low : min(high, len(lead))], out=here)
            else:
                words.take(lead[low:high], axis=0, out=there, mode="clip")
                np.bitwise_and(here, there, out=here)
        lanes.rare(words, ahead, low, high)
        if around is None and step % _CHECK_EVERY == 0 and np.array_equal(ahead, words):
            break  # the last few steps were idle: nobody arrived in them, so their counts are not read
        step += 1
        if _toggled(step) == len(steps):
            steps.append(_skipped(around, words, len(steps)))
        plane = steps[_toggled(step)][low:high]
        np.bitwise_xor(plane, words[low:high], out=plane)
        words, ahead = ahead, words

    distance = [plane.view(np.uint8) for plane in _binary(steps)]
    lost = words.view(np.uint8)
    for bits in distance:
        bits &= ~lost
    slot = _slots(roads, lanes.row, distance, lost, num_goals) if hops else np.empty((0, 0), np.uint8)
    is_far = len(distance) >= 8 and bool(np.bitwise_and.reduce(distance[:8]).any())
    is_far = is_far or any(bits.any() for bits in distance[8:])
    distance = distance[: 16 if is_far else 8]
    for bits in distance:
        bits |= lost
    distance += [lost] * ((16 if is_far else 8) - len(distance))
    row = lanes.row[roads.row]
    near = _expand(row, distance[:8], num_goals)
    if not is_far:
        return near, slot
    wide = _expand(row, distance[8:], num_goals).astype(np.uint16)
    np.left_shift(wide, 8, out=wide)
    np.bitwise_or(wide, near, out=wide)
    return wide, slot


@dataclass(frozen=True, slots=True)
class Lanes:
    """The roads of one wave: ways that many nodes have as whole columns, the others as one list."""

    row: NDArray[np.intp]  # [N] row in the wave of a row of the roads
    leads: tuple[NDArray[np.intp], ...]  # as in `Roads`; around a ring whole columns, a node without a way to itself
    owner: NDArray[np.intp]  # rows with rare ways, ascending
    start: NDArray[np.intp]  # for each of them, and the end: where its ways begin in ``lead``
    lead: NDArray[np.intp]  # the rows to which rare ways lead

    def rare(self, words: Words, ahead: Words, low: int, high: int) -> None:
        """Take the rare ways of rows ``low`` to ``high``."""
        if not len(self.owner):
            return
        begin, end = self.owner.searchsorted((low, high)).tolist()
        if begin < end:
            start = self.start[begin : end + 1]
            found = words.take(self.lead[start[0] : start[-1]], axis=0, mode="clip")
            ahead[self.owner[begin:end]] &= np.bitwise_and.reduceat(found, start[:-1] - start[0], axis=0)


def _lanes(roads: Roads, around: Ring | None) -> Lanes:
    """The roads in the order of the rows of a ring; as they are without one."""
    none = np.empty(0, np.intp)
    if around is None:
        return Lanes(np.arange(roads.num_nodes), roads.leads, none, none, none)
    row = np.empty_like(roads.row)
    row[roads.row[around.order]] = np.arange(roads.num_nodes)
    leads, owners, rare = [], [none], [none]
    for lead in roads.leads:
        own = row[: len(lead)]
        if len(lead) * _RARE < roads.num_nodes:
            owners.append(own)
            rare.append(row[lead])
            continue
        whole = np.arange(roads.num_nodes)
        whole[own] = row[lead]
        leads.append(whole)
    owner, ends = np.concatenate(owners), np.concatenate(rare)
    order = np.argsort(owner, kind="stable")
    owner, start = np.unique(owner[order], return_index=True)
    return Lanes(row, tuple(leads), owner, np.append(start, len(ends)), ends[order])


def _skipped(around: Ring | None, words: Words, bit: int) -> Words:
    """A new plane: rows that the ring has not come to were away in every step so far, and will be until it comes."""
    plane = np.zeros_like(words)
    if around is not None:
        steps = around.begin - 1
        plane[(steps ^ (steps >> 1)) >> bit & 1 > 0] = ~np.uint64(0)
    return plane


def _toggled(number: int) -> int:
    """The bit in which the Gray codes of ``number - 1`` and ``number`` differ."""
    return (number & -number).bit_length() - 1


def _binary(planes: list[Words]) -> list[Words]:
    """Gray code to binary, in place: each bit is the XOR of all from it upward."""
    for low, high in zip(planes[-2::-1], planes[:0:-1], strict=True):
        np.bitwise_xor(low, high, out=low)
    return planes


def _slots(roads: Roads, row: NDArray[np.intp], distance: list[Bits], lost: Bits, num_goals: int) -> NDArray[np.uint8]:
    """Next hops: the first slot that leads to a node one step closer, for 8 goals at a time."""
    arrived, borrow = np.zeros_like(lost), np.full_like(lost, 0xFF)
    closer = []  # the distance less one
    for bits in distance:
        arrived |= bits
        closer.append(bits ^ borrow)
        borrow &= ~bits
    planes = [np.zeros_like(lost) for _ in range(int(roads.slot.max(initial=0)).bit_length())]
    for lead, slot in zip(roads.leads, roads.slot[:, roads.node], strict=True):
        own, to = row[: len(lead)], row[lead]
        waiting = arrived.take(own, axis=0)
        here = waiting & ~lost.take(to, axis=0)
        for bits, less in zip(distance, closer, strict=True):
            differs = bits.take(to, axis=0)
            differs ^= less.take(own, axis=0)
            np.bitwise_not(differs, out=differs)
            here &= differs
        arrived[own] = waiting & ~here
        for bit, plane in enumerate(planes):
            plane[own] |= here & np.where(slot[: len(lead)] >> bit & 1, 0xFF, 0).astype(np.uint8)[:, None]
    return _expand(row[roads.row], planes, num_goals)


def _expand(row: NDArray[np.intp], planes: list[Bits], num_goals: int) -> NDArray[np.uint8]:
    """Bit planes by (row, goal) as numbers by (goal, node); ``row [N]`` is that of a node.

    Every byte of a plane holds 8 goals. For each of them in turn its bit is shifted to the plane's place in the number,
    8 bytes at a time: the mask drops what crossed from the next byte.
    """
    num_nodes, num_bytes = len(row), -(-num_goals // 8)
    num_words = -(-num_nodes // 8)
    turned: list[Words] = []
    for bits in planes:
        padded = np.zeros((num_bytes, num_words * 8), np.uint8)
        padded[:, :num_nodes] = bits[row, :num_bytes].T
        turned.append(padded.view(np.uint64))
    number = np.zeros((num_bytes, 8, num_words), np.uint64)
    total, part = np.empty((2, num_bytes, num_words), np.uint64)
    for goal in range(8):
        total.fill(0)
        for bit, plane in enumerate(turned):
            shift = np.right_shift if goal >= bit else np.left_shift
            shift(plane, np.uint64(abs(goal - bit)), out=part)
            np.bitwise_and(part, _ONE_PER_BYTE << np.uint64(bit), out=part)
            np.bitwise_or(total, part, out=total)
        number[:, goal] = total
    return number.view(np.uint8).reshape(num_bytes * 8, num_words * 8)[:num_goals, :num_nodes]
