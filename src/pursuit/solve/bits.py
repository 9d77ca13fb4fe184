"""Sets as rows of bits, 64 members a word: packing, looking up, and turning rows into columns.

Member ``i`` of a set that takes ``W`` words is bit ``i // W`` of word ``i % W``. So when the bits of many sets are
turned over, bit by bit and word by word, the members come out in their order.
"""

from __future__ import annotations

from functools import reduce

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint64]

WORD = 64
_STAGES = (
    (32, np.uint64(0x0000_0000_FFFF_FFFF)),
    (16, np.uint64(0x0000_FFFF_0000_FFFF)),
    (8, np.uint64(0x00FF_00FF_00FF_00FF)),
    (4, np.uint64(0x0F0F_0F0F_0F0F_0F0F)),
    (2, np.uint64(0x3333_3333_3333_3333)),
    (1, np.uint64(0x5555_5555_5555_5555)),
)


def num_words(members: int) -> int:
    """Words of a row that holds so many members."""
    return -(-members // WORD)


def pack(flags: NDArray[np.bool_]) -> Words:
    """Rows of bits ``[..., W]`` from flags ``[..., N]``; bits that stand for no member are 0."""
    words = num_words(flags.shape[-1])
    square = np.zeros((*flags.shape[:-1], WORD * words), np.bool_)
    square[..., : flags.shape[-1]] = flags
    by_word = square.reshape(*flags.shape[:-1], WORD, words).swapaxes(-1, -2)
    packed = np.ascontiguousarray(np.packbits(by_word, axis=-1, bitorder="little"))
    return packed.view("<u8")[..., 0].astype(np.uint64, copy=False)


def is_set(words: Words, row: NDArray[np.integer], member: NDArray[np.integer]) -> NDArray[np.bool_]:
    """Whether a member is in the set in a row of ``words [rows, W]``; rows and members ``[...]``."""
    bit, word = np.divmod(member, words.shape[1])
    return (words[row, word] >> bit.astype(np.uint64) & np.uint64(1)).astype(np.bool_)


def members_of(words: Words) -> NDArray[np.int64]:
    """How many members each row has, ``[...]`` from ``[..., W]``."""
    return np.bitwise_count(words).sum(axis=-1, dtype=np.int64)


def any_set(words: Words) -> NDArray[np.bool_]:
    """Which rows have a member, ``[rows]`` from ``[rows, W]``."""
    return reduce(np.bitwise_or, words.T) != 0


def turn_over(block: Words, spare: Words) -> None:
    """Exchange in place bit b of ``block[k]`` with bit k of ``block[b]``; ``block [64, ...]``, ``spare [32, ...]``.

    Six exchanges of ever smaller halves. The rows of the squares lead, so each exchange runs over long stretches.
    """
    for shift, low_half in _STAGES:
        halves = block.reshape(WORD // (2 * shift), 2, shift, *block.shape[1:])
        upper, lower = halves[:, 0], halves[:, 1]
        moved = spare.reshape(upper.shape)
        np.right_shift(upper, np.uint64(shift), out=moved)
        moved ^= lower
        moved &= low_half
        lower ^= moved
        moved <<= np.uint64(shift)
        upper ^= moved


def put_rows(words: Words, rows: NDArray[np.intp], values: Words) -> None:
    """``words[rows] = values``, each row copied as one item: two to three times faster than by index."""
    item = np.dtype((np.void, words.shape[1] * words.itemsize))
    words.view(item)[:, 0][rows] = values.view(item)[:, 0]
