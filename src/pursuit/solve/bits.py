"""Sets as rows of bits, 64 members a word: packing, looking up, and turning a square of bits over.

Bit ``b`` of word ``w`` stands for member ``64 w + b``. ``N`` is the number of members, ``W`` the words of a row.
"""

from __future__ import annotations

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
    """Rows of bits ``[..., W]`` from flags ``[..., N]``; bits past the last member are 0."""
    packed = np.packbits(flags, axis=-1, bitorder="little")
    row = np.zeros((*flags.shape[:-1], num_words(flags.shape[-1]) * 8), np.uint8)
    row[..., : packed.shape[-1]] = packed
    return row.view("<u8").astype(np.uint64, copy=False)


def unpack(words: Words, members: int) -> NDArray[np.uint8]:
    """Bits as 0 and 1, ``[..., N]``, from rows ``[..., W]``."""
    whole = np.ascontiguousarray(words.astype("<u8", copy=False)).view(np.uint8)
    return np.unpackbits(whole, axis=-1, count=members, bitorder="little")


def count(words: Words) -> int:
    """How many bits are set."""
    return int(np.bitwise_count(words).sum(dtype=np.int64))


class Turner:
    """Turns squares of bits over, rows to columns; keeps its working space from call to call.

    Blocks of 64 by 64 bits are turned in place by six exchanges of ever smaller halves. The row within a block is the
    leading axis, so that each exchange runs over long stretches of memory.
    """

    def __init__(self, squares: int, words: int) -> None:
        """For up to ``squares`` squares of ``words`` words a row, at a time."""
        self._block = np.empty((WORD, squares, words, words), np.uint64)
        self._moved = np.empty((WORD // 2, squares, words, words), np.uint64)
        self._turned = np.empty((words * WORD, squares, words), np.uint64)

    def turn(self, rows: Words) -> Words:
        """Bit c of row r becomes bit r of row c in every square of ``[64 W, squares, W]``, until called again."""
        _, num, words = rows.shape
        block, turned = self._block[:, :num], self._turned[:, :num]
        np.copyto(block, rows.reshape(words, WORD, num, words).transpose(1, 2, 0, 3))
        for shift, low_half in _STAGES:
            halves = block.reshape(WORD // (2 * shift), 2, shift, num, words, words)
            upper, lower = halves[:, 0], halves[:, 1]
            moved = self._moved[:, :num].reshape(upper.shape)
            np.right_shift(upper, np.uint64(shift), out=moved)
            moved ^= lower
            moved &= low_half
            lower ^= moved
            moved <<= np.uint64(shift)
            upper ^= moved
        np.copyto(turned.reshape(words, WORD, num, words), block.transpose(3, 0, 1, 2))
        return turned
