"""Parameters of a scenario file: one file is a numbered family of scenarios."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import product
from typing import Any, TypeAlias

from pydantic import ValidationError

from pursuit.content.files.problems import did_you_mean, fail
from pursuit.content.files.source import Source
from pursuit.content.script.model import ParamTable

Value: TypeAlias = int | float | str | bool

_WHOLE = re.compile(r"\$([A-Za-z_]\w*)\Z")
_INSIDE = re.compile(r"\$\{([A-Za-z_]\w*)\}")


def declared(source: Source) -> dict[str, ParamTable]:
    """The parameters that a file declares rightly; what is wrong with the others, the model notes."""
    raw = source.data.get("params", {})
    found: dict[str, ParamTable] = {}
    for name, table in raw.items() if isinstance(raw, dict) else ():
        try:
            param = ParamTable.model_validate(table)
        except ValidationError:
            continue
        found[name] = param
        if not _allows(param, param.default):
            source.error("bad-value", f"the default is not {_range(param)}", ("params", name, "default"))
    return found


def choose(source: Source, wanted: Mapping[str, Value]) -> dict[str, Value]:
    """Each parameter's value: as wanted (text is read as the default's type), else the default.

    Raises ContentError for a name that the file does not declare, or a value that it does not allow.
    """
    params = declared(source)
    values: dict[str, Value] = {name: param.default for name, param in params.items()}
    for name, value in wanted.items():
        if name not in params:
            listed = f"; it has {', '.join(params)}" if params else "; it has none"
            hint = did_you_mean(name, params) or listed
            raise fail("unknown-parameter", f"{name!r} is not a parameter of this scenario{hint}", source.name)
        read = _read(value, params[name].default)
        if read is None or not _allows(params[name], read):
            raise fail("bad-parameter", f"{name} = {value!r} is not {_range(params[name])}", source.name)
        values[name] = read
    return values


def family(source: Source) -> list[dict[str, Value]]:
    """All members of the family, in order: the last parameter changes fastest."""
    params = declared(source)
    return [dict(zip(params, values, strict=True)) for values in product(*(_choices(p) for p in params.values()))]


def fill_in(source: Source, values: Mapping[str, Value]) -> None:
    """Put the values into the file's data, in place of ``"$name"`` and ``${name}``. Unknown names are noted."""
    for key in list(source.data):
        if key != "params":
            source.data[key] = _filled(source, source.data[key], values, (key,))


def _filled(source: Source, data: Any, values: Mapping[str, Value], path: tuple[str | int, ...]) -> Any:
    if isinstance(data, dict):
        return {key: _filled(source, value, values, (*path, key)) for key, value in data.items()}
    if isinstance(data, list):
        return [_filled(source, value, values, (*path, at)) for at, value in enumerate(data)]
    if not isinstance(data, str) or "$" not in data:
        return data
    for name in [*_WHOLE.findall(data), *_INSIDE.findall(data)]:
        if name not in values:
            source.unknown("parameter", name, values, path)
            return data
    whole = _WHOLE.match(data)
    return values[whole[1]] if whole else _INSIDE.sub(lambda match: str(values[match[1]]), data)


def _choices(param: ParamTable) -> list[Value]:
    if param.values is not None:
        return list(param.values)
    if param.low is not None and param.high is not None:
        return list(range(param.low, param.high + 1))
    return [param.default]


def _allows(param: ParamTable, value: Value) -> bool:
    if type(value) is not type(param.default):
        return False
    if param.values is not None:
        return value in param.values
    if isinstance(value, str):
        return True
    return (param.low is None or value >= param.low) and (param.high is None or value <= param.high)


def _range(param: ParamTable) -> str:
    if param.values is not None:
        return f"one of {', '.join(map(str, param.values))}"
    noun = {bool: "true or false", int: "a whole number", float: "a number", str: "a string"}[type(param.default)]
    low = "" if param.low is None else f" from {param.low}"
    return f"{noun}{low}{'' if param.high is None else f' to {param.high}'}"


def _read(value: Value, like: Value) -> Value | None:
    """A value of the type of another, from text where it is text; None if it cannot be read."""
    if not isinstance(value, str) or isinstance(like, str):
        return float(value) if isinstance(like, float) and type(value) is int else value
    if isinstance(like, bool):
        return {"true": True, "false": False}.get(value.lower())
    try:
        return type(like)(value)
    except ValueError:
        return None
