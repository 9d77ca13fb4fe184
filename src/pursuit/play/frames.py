"""How one record becomes one line of a replay file, and back.

A line is ``{"crc":"1a2b3c4d","record":BODY}``, where BODY is a JSON object whose first key is ``type`` and the
crc is that of BODY's bytes. A line that does not look exactly so is damaged.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path

from pursuit.content.files.problems import fail

MAX_BYTES = 1 << 30
"""Most bytes of a replay that are read, unpacked: a small file that unpacks without end stops here."""
MAX_LINE = 1 << 26
"""Longest line that is taken for a record."""

_HEAD, _MIDDLE, _TAIL = b'{"crc":"', b'","record":', b"}\n"
_BODY = len(_HEAD) + 8 + len(_MIDDLE)
_GZIP = b"\x1f\x8b"
_PIECE = 1 << 10  # bytes unpacked at a time: what a damaged gzip file loses at most


def pack(body: bytes) -> bytes:
    """A record's line."""
    return b"".join((_HEAD, b"%08x" % zlib.crc32(body), _MIDDLE, body, _TAIL))


def unpack(line: bytes) -> bytes | None:
    """The body of a line (with its line feed), or None if it is cut or damaged."""
    if not line.startswith(_HEAD) or line[16:_BODY] != _MIDDLE or not line.endswith(_TAIL):
        return None
    body = line[_BODY : -len(_TAIL)]
    return body if line[8:16] == b"%08x" % zlib.crc32(body) else None


def bodies(data: bytes) -> Iterator[bytes | None]:
    """The bodies of all lines in order; None, and nothing after it, for the first damaged one."""
    start, size = 0, len(data)
    while start < size:
        end = data.find(b"\n", start) + 1
        if not end or end - start > MAX_LINE:
            yield None
            return
        body = unpack(data[start:end])
        yield body
        if body is None:
            return
        start = end


def load(path: Path) -> bytes:
    """The bytes of a replay, unpacked if they are gzip (by their first bytes, not by name).

    A gzip stream that breaks off or is damaged gives what came out of it. Raises ContentError if the file
    cannot be read, or is larger than `MAX_BYTES`.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise fail("missing-file", "no such replay", str(path)) from None
    except OSError as error:
        raise fail("unreadable-file", (error.strerror or "cannot be read").lower(), str(path)) from None
    if data.startswith(_GZIP):
        data = _inflate(data)
    if len(data) > MAX_BYTES:
        raise fail("replay-too-large", f"holds more than {MAX_BYTES >> 20} MiB", str(path))
    return data


def _inflate(data: bytes) -> bytes:
    """All that comes out of a gzip file of one or more members, up to a byte past the limit."""
    out: list[bytes] = []
    room = MAX_BYTES + 1
    while data.startswith(_GZIP) and room > 0:
        member = zlib.decompressobj(wbits=31)
        for start in range(0, len(data), _PIECE):
            try:
                piece = member.decompress(data[start : start + _PIECE], room)
            except zlib.error:
                return b"".join(out)
            out.append(piece)
            room -= len(piece)
            if member.eof or room <= 0:
                data = member.unused_data + data[start + _PIECE :]
                break
        else:
            break
    return b"".join(out)


class Sink:
    """A replay file open for writing; every record is on its way to the disk when `write` returns."""

    def __init__(self, path: Path) -> None:
        """Raises ContentError if the file cannot be made."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("wb")
        except OSError as error:
            raise fail("unwritable-file", (error.strerror or "cannot be written").lower(), str(path)) from None
        self._packer = zlib.compressobj(wbits=31) if path.suffix == ".gz" else None

    def write(self, body: bytes) -> None:
        line = pack(body)
        if self._packer is not None:
            line = self._packer.compress(line) + self._packer.flush(zlib.Z_SYNC_FLUSH)
        self._file.write(line)
        self._file.flush()

    def close(self) -> None:
        if not self._file.closed:
            if self._packer is not None:
                self._file.write(self._packer.flush(zlib.Z_FINISH))
            self._file.close()
