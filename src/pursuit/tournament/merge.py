"""Several ledgers of one tournament made one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from pursuit.content.files.problems import fail
from pursuit.tournament.ledger import Ledger, read_ledger
from pursuit.tournament.spec import check_same


def merge(out: Path, folders: Sequence[Path]) -> tuple[int, list[str]]:
    """Put the games of some folders into one; how many it holds then, and notices.

    Raises ContentError if they are not of one tournament, or if two of them say different things about a game.
    """
    read = {folder: read_ledger(folder) for folder in folders}
    specs = [spec for spec, *_ in read.values()]
    spec = {**specs[0], "pairs": max(found["pairs"] for found in specs)}
    for folder, (theirs, *_) in read.items():
        check_same(theirs, spec, folder)
    rows = np.concatenate([rows for _, rows, _ in read.values()])
    notices = [notice for *_, notices in read.values() for notice in notices]
    with Ledger(out, spec) as ledger:
        # Equal rows are one; what is left of a game after that are contradictions.
        known = len(ledger.rows)
        rows = np.unique(np.concatenate([ledger.rows, rows]))
        games, counts = np.unique(rows["game"], return_counts=True)
        if (counts > 1).any():
            where = games[counts > 1][0]
            raise fail(
                "contradiction", f"game {where:016x} has two results; a policy there is not deterministic", str(out)
            )
        ledger.take(rows[~np.isin(rows["game"], ledger.rows["game"])] if known else rows)
    return len(rows), notices + ledger.notices
