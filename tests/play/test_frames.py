"""Lines of a replay file: framing, damage, gzip."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path

import pytest

from pursuit.content.files.problems import ContentError
from pursuit.play import frames


def test_a_line_comes_back() -> None:
    body = b'{"type":"mark","turn":3,"text":"here"}'
    line = frames.pack(body)
    assert line == b'{"crc":"%08x","record":' % zlib.crc32(body) + body + b"}\n"
    assert frames.unpack(line) == body


def test_every_flipped_byte_is_noticed() -> None:
    line = frames.pack(b'{"type":"mark","turn":3,"text":"here"}')
    for at in range(len(line)):
        for bit in range(8):
            damaged = bytearray(line)
            damaged[at] ^= 1 << bit
            assert frames.unpack(bytes(damaged)) is None, (at, bit)


def test_reading_stops_at_the_first_damaged_line() -> None:
    lines = [frames.pack(b'{"n":%d}' % n) for n in range(4)]
    assert list(frames.bodies(b"".join(lines))) == [b'{"n":%d}' % n for n in range(4)]
    lines[2] = lines[2][:-4] + b"x}}\n"
    assert list(frames.bodies(b"".join(lines))) == [b'{"n":0}', b'{"n":1}', None]
    assert list(frames.bodies(lines[0] + lines[1][:-1])) == [b'{"n":0}', None]


def test_gzip_is_told_by_its_bytes(tmp_path: Path) -> None:
    data = b"".join(frames.pack(b'{"n":%d}' % n) for n in range(5000))
    path = tmp_path / "named_wrongly.chase.jsonl"
    path.write_bytes(gzip.compress(data))
    assert frames.load(path) == data
    half = path.read_bytes()[:10_000]
    path.write_bytes(half)
    assert data.startswith(frames.load(path)) and len(frames.load(path)) > 10_000


def test_a_sink_can_be_read_at_any_time(tmp_path: Path) -> None:
    for name in ("a.chase.jsonl", "a.chase.jsonl.gz"):
        sink = frames.Sink(tmp_path / "made" / name)
        for number in range(3):
            sink.write(b'{"n":%d}' % number)
            found = list(frames.bodies(frames.load(tmp_path / "made" / name)))
            assert found == [b'{"n":%d}' % n for n in range(number + 1)]
        sink.close()
        sink.close()
        assert len(list(frames.bodies(frames.load(tmp_path / "made" / name)))) == 3


def test_two_gzip_members_are_one_file(tmp_path: Path) -> None:
    path = tmp_path / "two.gz"
    path.write_bytes(gzip.compress(b"one\n") + gzip.compress(b"two\n"))
    assert frames.load(path) == b"one\ntwo\n"


def test_what_unpacks_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frames, "MAX_BYTES", 1 << 20)
    path = tmp_path / "bomb.gz"
    path.write_bytes(gzip.compress(bytes(1 << 24)))
    with pytest.raises(ContentError, match="more than 1 MiB"):
        frames.load(path)


def test_missing_and_unwritable_files_are_said_to_be_so(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="no such replay"):
        frames.load(tmp_path / "none")
    with pytest.raises(ContentError):
        frames.load(tmp_path)
    with pytest.raises(ContentError):
        frames.Sink(tmp_path)
