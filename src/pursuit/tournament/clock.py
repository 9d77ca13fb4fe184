"""Limits on what a policy may use: time for a call, memory for a batch.

A call that overruns is broken off: by an alarm in the main thread of a process (which workers play in), elsewhere by an
exception that a watch sets in the playing thread; the latter comes through only once Python code runs again.
"""

from __future__ import annotations

import ctypes
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Protocol

_TICK = 0.05  # seconds between two looks of the watch


class Overrun(BaseException):
    """A call was broken off. Not an Exception, so that a policy's own `except Exception` lets it pass."""


class Clock(Protocol):
    """Breaks off what takes too long."""

    def start(self, seconds: float) -> None: ...

    def stop(self) -> None: ...


@contextmanager
def clock() -> Iterator[Clock]:
    """A clock for this thread."""
    is_main = threading.current_thread() is threading.main_thread()
    if is_main and hasattr(signal, "setitimer"):
        made = _Alarm()
        before = signal.signal(signal.SIGALRM, made.ring)
        try:
            yield made
        finally:
            made.stop()
            signal.signal(signal.SIGALRM, before)
    else:
        watch = _Watch(threading.get_ident())
        watch.thread.start()
        try:
            yield watch
        finally:
            watch.close()


@contextmanager
def memory_limit(mebibytes: int) -> Iterator[None]:
    """Lets this process take so much more memory, then a MemoryError comes; on a system without such limits, none.

    The limit is the whole process's: of several threads the first sets it and the last lifts it.
    """
    _ROOM.enter(mebibytes << 20)
    try:
        yield
    finally:
        _ROOM.leave()


class _Room:
    """The memory that this process may take."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._inside = 0
        self._before: tuple[int, int] | None = None

    def enter(self, size: int) -> None:
        with self._lock:
            self._inside += 1
            if self._inside > 1:
                return
            try:
                import resource

                with open("/proc/self/statm", encoding="ascii") as file:
                    now = int(file.read().split()[0]) * resource.getpagesize()
            except (ImportError, OSError):
                return
            soft, hard = self._before = resource.getrlimit(resource.RLIMIT_AS)
            most = min(limit for limit in (now + size, soft, hard) if limit != resource.RLIM_INFINITY)
            resource.setrlimit(resource.RLIMIT_AS, (most, hard))

    def leave(self) -> None:
        with self._lock:
            self._inside -= 1
            if self._inside or self._before is None:
                return
            import resource

            resource.setrlimit(resource.RLIMIT_AS, self._before)
            self._before = None


_ROOM = _Room()


class _Alarm:
    def __init__(self) -> None:
        self._runs = False

    def start(self, seconds: float) -> None:
        self._runs = True
        signal.setitimer(signal.ITIMER_REAL, seconds)

    def stop(self) -> None:
        self._runs = False
        signal.setitimer(signal.ITIMER_REAL, 0)

    def ring(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        if self._runs:  # else it came too late to matter
            raise Overrun


class _Watch:
    def __init__(self, ident: int) -> None:
        self._ident = ident
        self._due = 0.0  # 0: nothing is timed
        self._closed = threading.Event()
        self._lock = threading.Lock()
        self.thread = threading.Thread(target=self._look, daemon=True)

    def start(self, seconds: float) -> None:
        self._due = time.monotonic() + seconds

    def stop(self) -> None:
        with self._lock:
            self._due = 0.0

    def close(self) -> None:
        self._closed.set()
        self.thread.join()

    def _look(self) -> None:
        while not self._closed.wait(_TICK):
            with self._lock:
                if self._due and time.monotonic() > self._due:
                    self._due = 0.0
                    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(self._ident), ctypes.py_object(Overrun))
