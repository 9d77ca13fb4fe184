"""Arrays that take long to make, kept on disk from one run to the next, under a hash of all that they depend on.

They lie in the platform's folder for caches. The environment variable ``PURSUIT_CACHE`` names another folder, or is
``off`` to keep nothing. Losing an entry costs time and nothing else: a file that cannot be read is made again, one that
cannot be written is not kept, and the files used longest ago go when all together are larger than ``MOST_BYTES``.

>>> fetch("squares", (np.arange(3),), __file__, lambda: {"square": np.arange(3) ** 2})["square"]
array([0, 1, 4])
"""

from __future__ import annotations

import hashlib
import logging
import os
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Arrays: TypeAlias = Mapping[str, NDArray[Any]]

VARIABLE = "PURSUIT_CACHE"
MOST_BYTES = 2 << 30  # of all files together; one file takes at most half of it
_ENDING, _PART = ".npz", ".part"
_STALE = 3600  # seconds after which a half-written file is that of a process that died

_log = logging.getLogger(__name__)


def folder() -> Path | None:
    """Where the files lie, whether or not it exists yet; None where nothing is to be kept."""
    said = os.environ.get(VARIABLE, "")
    if said.strip().lower() in ("off", "no", "none", "0"):
        return None
    if said:
        return Path(said).expanduser()
    try:
        home = Path.home()
    except RuntimeError:  # a process without a home
        return None
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "pursuit" / "cache"
    if sys.platform == "darwin":
        return home / "Library" / "Caches" / "pursuit"
    return Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache") / "pursuit"


def fetch(kind: str, inputs: tuple[object, ...], code: str, build: Callable[[], Arrays]) -> Arrays:
    """What ``build`` makes: from disk if it is there, else made now and kept.

    ``inputs`` is all that it depends on, arrays or what ``repr`` tells apart; ``code`` is the file (``__file__``) of
    the module that makes it: an entry made by other code is not found. The file's name begins with ``kind``.

    Two processes that make the same entry do so both, and the last one's file stays, whole at every moment.
    """
    home = folder()
    key = None if home is None else _key(inputs, code)
    if home is None or key is None:
        return build()
    path = home / f"{kind}-{key}{_ENDING}"
    found = _read(path)
    if found is None:
        found = build()
        _write(path, found)
    return found


def _key(inputs: tuple[object, ...], code: str) -> str | None:
    hasher = hashlib.blake2b(digest_size=16)
    try:
        hasher.update(Path(code).read_bytes())
    except OSError:  # run from an archive: then nobody could tell stale entries
        return None
    for part in inputs:
        if isinstance(part, np.ndarray):
            hasher.update(f"{part.dtype.str}{part.shape}".encode())
            hasher.update(np.ascontiguousarray(part).data)
        else:
            hasher.update(repr(part).encode())
        hasher.update(b"\0")
    return hasher.hexdigest()


def _read(path: Path) -> Arrays | None:
    """The arrays of a file, None if there is none that can be read. The archive has a checksum of each."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
        os.utime(path)  # it was used
    except FileNotFoundError:
        return None
    except Exception as error:  # whatever a damaged archive makes its readers raise
        _log.warning("%s: a kept table that cannot be read (%s) is made again", path, error or type(error).__name__)
        return None
    return arrays


def _write(path: Path, arrays: Arrays) -> None:
    """Keep arrays, if the disk lets us: under another name until they are whole."""
    if sum(array.nbytes for array in arrays.values()) > MOST_BYTES // 2:
        return
    part = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=_PART, delete=False) as file:
            part = Path(file.name)
            np.savez(file, **arrays)  # type: ignore[arg-type]  # mypy takes an array for its flag
        part.replace(path)
        _trim(path)
    except OSError as error:
        _log.info("%s: not kept: %s", path, error)
        if part is not None:
            part.unlink(missing_ok=True)


def _trim(newest: Path) -> None:
    """Delete what was used longest ago until the rest fits, and what processes that died left half-written."""
    files = []
    for path in newest.parent.iterdir():
        try:
            stat = path.stat()
        except OSError:
            continue  # another process was faster
        if path.suffix == _PART and stat.st_mtime < time.time() - _STALE:
            path.unlink(missing_ok=True)
        elif path.suffix == _ENDING:
            files.append((path != newest, -stat.st_mtime, stat.st_size, path))
    total = 0
    for _, _, size, path in sorted(files):
        total += size
        if total > MOST_BYTES:
            path.unlink(missing_ok=True)
