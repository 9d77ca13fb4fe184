"""Fingerprints of code: a ledger goes on only with the policies and the engine that it began with."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from pursuit.policies.registry import find

_OURS = "pursuit"
_ENGINE = "pursuit.tournament.games"
_IMPORT = re.compile(
    r"^[ \t]*(?:from[ \t]+(\.*)([\w.]*)[ \t]+import[ \t]+(\([^)]*\)|[^\n#]*)|import[ \t]+([\w., \t]+))", re.MULTILINE
)


def code_hashes(specs: list[str]) -> dict[str, str]:
    """A fingerprint for the engine and for each policy, by its spec: all source files that it imports, directly or not.

    What a policy imports from packages other than its own and this one is not looked at.
    """
    engine = _closure(_ENGINE, frozenset({_OURS}))
    hashes = {"engine": _hash(engine)}
    for spec in specs:
        module = find(spec.split("(", maxsplit=1)[0]).__module__
        own = _closure(module, frozenset({_OURS, module.split(".")[0]}))
        hashes[spec] = _hash(own - engine)
    return hashes


def _hash(files: frozenset[tuple[str, Path]]) -> str:
    hasher = hashlib.blake2b(digest_size=8)
    for name, path in sorted(files):
        hasher.update(name.encode() + b"\0" + path.read_bytes() + b"\0")
    return hasher.hexdigest()


@cache
def _closure(module: str, packages: frozenset[str]) -> frozenset[tuple[str, Path]]:
    """(module, file) of a module and all that it imports from some packages."""
    found: dict[str, Path] = {}
    waiting = [module]
    while waiting:
        name = waiting.pop()
        path = _file(name)
        if name in found or path is None:
            continue
        found[name] = path
        waiting += [other for other in _imported(name, path) if other.split(".")[0] in packages]
    return frozenset(found.items())


@cache
def _imported(name: str, path: Path) -> tuple[str, ...]:
    return tuple(_imports(name, path))


def _imports(name: str, path: Path) -> Iterator[str]:
    """The modules that a file may import, anywhere in it; some are no modules but names in one.

    By the look of the lines, which is a hundred times faster than parsing them; what only looks like an import, in a
    docstring perhaps, does no harm.
    """
    package = name.split(".") if path.name == "__init__.py" else name.split(".")[:-1]
    for dots, base, names, modules in _IMPORT.findall(path.read_text(encoding="utf-8")):
        if modules:
            yield from (found.split()[0] for found in modules.split(",") if found.strip())
            continue
        above = package[: len(package) - len(dots) + 1] if dots else []
        home = ".".join([*above, *([base] if base else [])])
        yield home
        yield from (f"{home}.{found}" for found in re.findall(r"\w+", names))


@cache
def _root(package: str) -> Path | None:
    """Where a top-level package or module lies: its folder, or its file."""
    try:
        found = find_spec(package)
    except (ImportError, ValueError):
        return None
    if found is None or found.origin is None or not found.origin.endswith(".py"):
        return None
    path = Path(found.origin)
    return path.parent if path.name == "__init__.py" else path


@cache
def _file(module: str) -> Path | None:
    """The source file of a module, or None: it is no module, or not written in Python."""
    top, *rest = module.split(".")
    root = _root(top)
    if root is None or root.is_file():
        return root if not rest else None
    base = root.joinpath(*rest)
    choices = (base / "__init__.py", base.with_suffix(".py")) if rest else (base / "__init__.py",)
    return next((choice for choice in choices if choice.is_file()), None)
