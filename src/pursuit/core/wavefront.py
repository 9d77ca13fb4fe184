"""All distances and next hops of a unit board at once, 64 goals to a machine word.

For every node keep, as a row of bits, the goals it has *not* reached yet. In step k a node reaches whatever one of its
neighbors had reached by step k - 1, so its row becomes the AND of its own row and its neighbors' rows. That one
instruction serves 64 goals.

A distance is the number of steps spent away, and a next hop the number of slots tried in vain. Both are counted
without adding: in a Gray code consecutive numbers differ in one bit, so "one more for all who are still away" is one
XOR into one bit plane. Planes become bytes at the very end.

Dimension letters: ``N`` nodes, ``D`` out-slots, ``G`` goals, ``R`` the most usable slots of any node.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Bits = NDArray[np.uint8]  # [N, bytes] rows of bits, one for each goal
Words = NDArray[np.uint64]  # the same, 8 bytes at a time
Hops = NDArray[np.uint8] | NDArray[np.uint16]

_BLOCK_BYTES = 1 << 18  # a block's rows should stay in the second-level cache
_ONE_PER_BYTE = np.uint64(0x0101_0101_0101_0101)
_FAR_BYTE = 255
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
    width = max(64, _BLOCK_BYTES // max(num_nodes, 1) // 8 * 64)
    if num_nodes <= width:
        return wavefront(roads, np.arange(num_nodes), hops=hops, limit=limit)
    distance: Hops = np.empty((num_nodes, num_nodes), np.uint8)
    hop = np.empty((num_nodes, num_nodes) if hops else (0, 0), np.uint8)
    for first in range(0, num_nodes, width):
        block = slice(first, min(first + width, num_nodes))
        near, slot = wavefront(roads, np.arange(block.start, block.stop), hops=hops, limit=limit)
        if near.dtype != distance.dtype:
            distance, near = widen(distance), widen(near)
        distance[block] = near
        if hops:
            hop[block] = slot
    return distance, hop


def widen(distance: Hops) -> NDArray[np.uint16]:
    """Distances as uint16, *unreachable* included."""
    wide = distance.astype(np.uint16)
    if distance.dtype == np.uint8:
        wide[distance == _FAR_BYTE] = np.iinfo(np.uint16).max
    return wide


def wavefront(
    roads: Roads, goals: NDArray[np.intp], *, hops: bool = True, limit: int | None = None
) -> tuple[Hops, NDArray[np.uint8]]:
    """Distances and next hops from every node to some goals, each ``[G, N]``, as :func:`all_pairs` has them."""
    num_nodes, num_goals = roads.num_nodes, len(goals)
    away = np.zeros((num_nodes, -(-num_goals // 64) * 8), np.uint8)
    away[:, : num_goals // 8] = 0xFF
    if num_goals % 8:
        away[:, num_goals // 8] = (1 << num_goals % 8) - 1
    column = np.arange(num_goals)
    away[roads.row[goals], column // 8] &= ~(1 << column % 8).astype(np.uint8)

    words = away.view(np.uint64)
    ahead, beyond = words.copy(), np.empty_like(words)
    steps: list[Words] = []  # Gray code of the distance, a plane for each bit
    ranks = [np.zeros_like(words) for _ in range((len(roads.leads) - 1).bit_length() if hops else 0)]
    step = 0
    while limit is None or step < limit:
        for rank, lead in enumerate(roads.leads):
            here, there = ahead[: len(lead)], beyond[: len(lead)]
            if rank == 0:
                words.take(lead, axis=0, out=here, mode="clip")
                np.bitwise_and(here, words[: len(lead)], out=here)
                continue
            if hops:
                plane = ranks[_toggled(rank)][: len(lead)]
                np.bitwise_xor(plane, here, out=plane)
            words.take(lead, axis=0, out=there, mode="clip")
            np.bitwise_and(here, there, out=here)
        is_due = step % _CHECK_EVERY == 0 or step > _FAR_BYTE - 2 * _CHECK_EVERY
        if is_due and np.array_equal(ahead, words):
            break  # the last few steps were idle: nobody arrived in them, so their counts are not read
        step += 1
        if _toggled(step) == len(steps):
            steps.append(np.zeros_like(words))
        plane = steps[_toggled(step)]
        np.bitwise_xor(plane, words, out=plane)
        words, ahead = ahead, words

    distance = [plane.view(np.uint8) for plane in _binary(steps)]
    lost = words.view(np.uint8)
    rank_bits = [plane.view(np.uint8) for plane in ranks]
    slot = _slots(roads, rank_bits, distance, lost, num_goals) if hops else np.empty((0, 0), np.uint8)
    far_planes = 8 if step < _FAR_BYTE else 16
    distance += [np.zeros_like(lost) for _ in range(far_planes - len(distance))]
    for bits in distance:
        bits |= lost
    low = _expand(roads, distance[:8], num_goals)
    if far_planes == 8:
        return low, slot
    high = _expand(roads, distance[8:], num_goals)
    wide = high.astype(np.uint16) << np.uint16(8) | low.astype(np.uint16)
    return wide, slot


def _toggled(number: int) -> int:
    """The bit in which the Gray codes of ``number - 1`` and ``number`` differ."""
    return (number & -number).bit_length() - 1


def _binary(planes: list[Words]) -> list[Words]:
    """Gray code to binary, in place: each bit is the XOR of all from it upward."""
    for low, high in zip(planes[-2::-1], planes[:0:-1], strict=True):
        np.bitwise_xor(low, high, out=low)
    return planes


def _slots(roads: Roads, ranks: list[Bits], distance: list[Bits], lost: Bits, num_goals: int) -> NDArray[np.uint8]:
    """Next hops from the Gray code of the rank of the slot that first led closer.

    A node that stayed away through a whole step had all its slots counted, so each such step left the code of its last
    slot in the planes. Twice is nothing: only those at an even distance carry it.
    """
    num_slots = np.zeros(roads.num_nodes, np.int64)
    for lead in roads.leads:
        num_slots[: len(lead)] += 1
    last = np.maximum(num_slots - 1, 0)
    gray = last ^ (last >> 1)
    arrived = np.zeros_like(lost)  # reached, the goal itself left out: there every plane of the distance is 0
    for bits in distance:
        arrived |= bits
    arrived &= ~lost
    if ranks:
        even = ~distance[0] if distance else ~lost
        for bit, plane in enumerate(ranks):
            plane ^= even & np.where(gray >> bit & 1, 0xFF, 0).astype(np.uint8)[:, None]
            plane &= arrived
        for low, high in zip(ranks[-2::-1], ranks[:0:-1], strict=True):
            low ^= high
    # From rank to slot while 8 goals still share a byte: each rank's goals, under the bits of the row's slot.
    slots = roads.slot[:, roads.node]
    planes = [np.zeros_like(lost) for _ in range(int(slots.max(initial=0)).bit_length())]
    for rank, slot in enumerate(slots):
        here = arrived.copy()
        for bit, plane in enumerate(ranks):
            here &= plane if rank >> bit & 1 else ~plane
        for bit, plane in enumerate(planes):
            plane |= here & np.where(slot >> bit & 1, 0xFF, 0).astype(np.uint8)[:, None]
    return _expand(roads, planes, num_goals)


def _expand(roads: Roads, planes: list[Bits], num_goals: int) -> NDArray[np.uint8]:
    """Bit planes by (row, goal) as numbers by (goal, node).

    Every byte of a plane holds 8 goals. For each of them in turn its bit is shifted to the plane's place in the number,
    8 bytes at a time: the mask drops what crossed from the next byte.
    """
    num_nodes, num_bytes = roads.num_nodes, -(-num_goals // 8)
    num_words = -(-num_nodes // 8)
    turned: list[Words] = []
    for bits in planes:
        padded = np.zeros((num_bytes, num_words * 8), np.uint8)
        padded[:, :num_nodes] = bits[roads.row, :num_bytes].T
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
