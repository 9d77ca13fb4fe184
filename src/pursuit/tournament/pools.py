"""Who plays the games: this process, several, or a cluster. Any `concurrent.futures` executor will do."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from dataclasses import dataclass
from typing import Any

from pursuit.content.files.problems import fail


@dataclass(frozen=True)
class Pool:
    """Where batches are played."""

    make: Callable[[], Executor]  # called again when the workers have died
    width: int  # batches under way at once
    deaths: tuple[type[BaseException], ...] = (BrokenExecutor,)  # how the death of a worker shows
    close: Callable[[], None] = lambda: None  # when nothing more is to be played


def here() -> Pool:
    """This very process, one batch at a time."""
    return Pool(_Here, 1)


def processes(num: int) -> Pool:
    """So many processes on this machine, which end when this one does."""
    context = multiprocessing.get_context("spawn")  # a fork would copy locks that other threads hold

    def make() -> Executor:
        return ProcessPoolExecutor(num, mp_context=context, initializer=_settle_in, initargs=(os.getpid(),))

    return Pool(make, num)


def cluster(address: str, patience: float = 10.0) -> Pool:
    """A Dask cluster, by the address of its scheduler.

    Raises ContentError if none answers within so many seconds, or if there is no Dask.
    """
    try:
        from distributed import Client, KilledWorker
    except ImportError:
        raise fail("missing-extra", "--scheduler needs Dask: pip install 'pursuit[cluster]'") from None
    connect: Any = Client
    try:
        client = connect(address, timeout=patience, set_as_default=False)
    except (OSError, ValueError) as error:
        raise fail("no-cluster", f"no Dask scheduler answers at {address}: {error}") from None
    width = max(1, sum(worker["nthreads"] for worker in client.scheduler_info(n_workers=-1)["workers"].values()))
    return Pool(lambda: client.get_executor(pure=False), width, (BrokenExecutor, KilledWorker), client.close)


class _Here(Executor):
    """Runs a task when it is submitted."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


def _settle_in(parent: int) -> None:
    """What a worker does first: leave an interruption to its parent, and do not outlive it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.2)
    os._exit(1)
