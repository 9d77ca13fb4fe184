"""All policies by name, and how ``name(parameter=value)`` becomes one."""

from __future__ import annotations

import ast
import importlib
import re
import sys
from dataclasses import dataclass, is_dataclass
from difflib import get_close_matches
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from pursuit.policies.base import Param, Policy, chosen, oracle, params_of

BUILT_IN: dict[str, str] = {
    name: f"pursuit.policies.{name}:{name.title().replace('_', '')}"
    for name in (
        "stand_still",
        "random_walk",
        "beeline",
        "interceptor",
        "impostor",
        "tracker",
        "runner",
        "safe_path",
        "escort",
        "trusting",
        "wary",
        "cues",
        "perfect_hunter",
        "perfect_evader",
        "set_hunter",
        "belief_hunter",
    )
}
"""Where each registered policy lives; a module is imported when its policy is asked for."""

GROUP = "pursuit.policies"
"""The entry points by which an installed package adds policies: ``name = "module:Class"``."""

_EXTRA: dict[str, type[Any]] = {}

_SPEC = re.compile(r"^\s*(?P<name>[A-Za-z_][\w.]*(?::[A-Za-z_]\w*)?)\s*(?:\((?P<args>.*)\))?\s*$", re.DOTALL)


class PolicyError(ValueError):
    """A policy that cannot be made from what was written; the message says why and what would do."""


@dataclass(frozen=True)
class Description:
    """One line about a policy."""

    name: str
    version: int
    sides: tuple[str, ...]
    summary: str
    params: tuple[Param, ...]
    oracle: str  # what it knows beyond its observations; empty for most


def names() -> tuple[str, ...]:
    """The names of all registered policies, in order."""
    return tuple(dict.fromkeys((*BUILT_IN, *installed(), *_EXTRA)))


@cache
def installed() -> dict[str, str]:
    """Where the policies of installed packages live, by name; a name of ours stays ours."""
    found = entry_points(group=GROUP)
    return {point.name: point.value for point in found if point.name not in BUILT_IN}


def register(policy: type[Any]) -> type[Any]:
    """Add a policy class under its own name; a class decorator. Raises PolicyError if the name is taken."""
    _check_class(policy, policy.__name__)
    if policy.name in names():
        raise PolicyError(f"a policy named {policy.name!r} is registered already")
    _EXTRA[policy.name] = policy
    return policy


def describe(name: str) -> Description:
    """What there is to say about a policy. Raises PolicyError for an unknown name."""
    found = find(name)
    summary = (found.__doc__ or "").strip().splitlines()
    about = summary[0] if summary else ""
    return Description(found.name, found.version, tuple(found.sides), about, params_of(found), oracle(found))


def make(spec: str) -> Policy:
    """The policy written as ``name``, ``name(parameter=value, …)`` or ``module:Class(…)``.

    Raises PolicyError for an unknown name or parameter, and for a value of a wrong type or outside its range.
    """
    match = _SPEC.match(spec)
    if match is None:
        raise PolicyError(f"{spec!r} is not a policy; write NAME, NAME(parameter=value) or MODULE:CLASS")
    policy = find(match["name"])
    known = {p.name: p for p in params_of(policy)}
    given = _arguments(spec, match["args"] or "")
    for key, value in given.items():
        if key not in known:
            raise PolicyError(f"{policy.name} has no parameter {key!r}{_nearest(key, known)}")
        given[key] = _fitting(policy.name, known[key], value)
    made: Policy = policy(**given)
    return made


def spelled(policy: Policy) -> str:
    """The spec that makes such a policy again, with every parameter that is not at its default."""
    defaults = {p.name: p.default for p in params_of(type(policy))}
    changed = [f"{key}={value!r}" for key, value in chosen(policy).items() if value != defaults[key]]
    return f"{policy.name}({', '.join(changed)})" if changed else policy.name


def find(name: str) -> type[Any]:
    """The class of a policy, by registered name or ``module:Class``. Raises PolicyError."""
    if name in _EXTRA:
        return _EXTRA[name]
    path = BUILT_IN.get(name) or (name if ":" in name else installed().get(name, name))
    if ":" not in path:
        raise PolicyError(f"{name!r} is not a policy{_nearest(name, names())}")
    module_name, class_name = path.split(":")
    here = str(Path.cwd())
    try:
        if here not in sys.path:
            sys.path.append(here)
        module = importlib.import_module(module_name)
    except ImportError as error:
        raise PolicyError(f"cannot import {module_name!r} for the policy {name!r}: {error}") from error
    policy = getattr(module, class_name, None)
    if policy is None:
        classes = [key for key, value in vars(module).items() if isinstance(value, type)]
        raise PolicyError(f"module {module_name!r} has no class {class_name!r}{_nearest(class_name, classes)}")
    _check_class(policy, path)
    found: type[Any] = policy
    return found


def _check_class(policy: Any, path: str) -> None:
    wanted = ("name", "version", "sides", "init", "act")
    missing = [key for key in wanted if not hasattr(policy, key)]
    if not isinstance(policy, type) or not is_dataclass(policy) or missing:
        lack = f"; it lacks {', '.join(missing)}" if missing else ""
        raise PolicyError(f"{path} is not a policy: a policy is a dataclass with {', '.join(wanted)}{lack}")


def _arguments(spec: str, text: str) -> dict[str, Any]:
    try:
        call = ast.parse(f"f({text})", mode="eval").body
        if not isinstance(call, ast.Call) or call.args or any(k.arg is None for k in call.keywords):
            raise ValueError
        return {str(k.arg): _literal(k.value) for k in call.keywords}
    except (SyntaxError, ValueError) as error:
        raise PolicyError(f"cannot read the parameters of {spec!r}; write them as (name=value, name=value)") from error


def _literal(node: ast.expr) -> Any:
    """A value; bare words are text, and ``true`` and ``false`` are as in the scenario files."""
    if isinstance(node, ast.Name):
        return {"true": True, "false": False}.get(node.id, node.id)
    return ast.literal_eval(node)


def _fitting(policy: str, known: Param, value: Any) -> int | float | bool | str:
    wanted = type(known.default)
    given: Any = float(value) if wanted is float and type(value) is int else value
    where = f"{policy}({known.name}=…)"
    if type(given) is not wanted:
        raise PolicyError(f"{where} wants {_KIND[wanted]}, not {given!r}")
    if known.choices and given not in known.choices:
        raise PolicyError(
            f"{where} is one of {', '.join(known.choices)}, not {given!r}{_nearest(given, known.choices)}"
        )
    if wanted in (int, float) and not _within(given, known):
        raise PolicyError(f"{where} lies between {known.low} and {known.high}, not {given!r}")
    fits: int | float | bool | str = given
    return fits


def _within(value: Any, known: Param) -> bool:
    return (known.low is None or value >= known.low) and (known.high is None or value <= known.high)


_KIND = {int: "a whole number", float: "a number", bool: "true or false", str: "a word"}


def _nearest(name: Any, known: Any) -> str:
    close = get_close_matches(str(name), list(known), n=1)
    if close:
        return f"; did you mean {close[0]!r}?"
    return f"; there is {', '.join(sorted(known))}" if known else ""
