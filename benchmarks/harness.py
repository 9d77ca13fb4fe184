"""What all benchmarks share: options, timing, and one way to report a rate with a checksum."""

from __future__ import annotations

import argparse
import hashlib
import json
import platform
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from pursuit.core.state import State


def options(description: str) -> argparse.ArgumentParser:
    """A parser with the options every benchmark has."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--json", action="store_true", help="print one object on standard output")
    parser.add_argument("--quick", action="store_true", help="a few seconds, for a look")
    return parser


def best(run: Callable[[], Any], repeats: int) -> tuple[float, Any]:
    """(seconds, result) of the fastest of some runs, after one to warm up."""
    run()
    fastest, result = float("inf"), None
    for _ in range(repeats):
        begun = time.perf_counter()
        result = run()
        fastest = min(fastest, time.perf_counter() - begun)
    return fastest, result


def checksum(state: State) -> str:
    """Fingerprint of what was played: blake2b (8 bytes, hex) over every column of every row."""
    hasher = hashlib.blake2b(digest_size=8)
    for _, column in state.columns():
        hasher.update(np.ascontiguousarray(column).tobytes())
    return hasher.hexdigest()


def report(name: str, rate: float, unit: str, fingerprint: str, as_json: bool, **parameters: Any) -> None:
    """Print a benchmark's result: rate, unit, checksum, and with what parameters it was measured."""
    facts = {"rate": rate, "unit": unit, "checksum": fingerprint, **parameters}
    if as_json:
        machine = {"python": platform.python_version(), "numpy": np.__version__}
        print(json.dumps({"benchmark": name, **facts, **machine}))
        return
    print(f"{name}: {rate:,.0f} {unit}, checksum {fingerprint}")
    for key, value in parameters.items():
        print(f"  {key}: {value:,}" if isinstance(value, int) else f"  {key}: {value}")
