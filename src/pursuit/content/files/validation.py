"""Pydantic's errors in our words: what is wrong, where it stands, and which name was probably meant."""

from __future__ import annotations

import types
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal, TypeAlias, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from pursuit.content.files.positions import KeyPath
from pursuit.content.files.problems import did_you_mean

Explained: TypeAlias = tuple[str, str, KeyPath, bool]  # code, message, path, whether the key is at fault

_NOUN = {
    "string": "a string",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "list": "a list",
    "tuple": "a list",
    "dict": "a table",
    "model": "a table",
    "mapping": "a table",
}


def explain(error: ValidationError, model: type[BaseModel], data: object) -> Iterator[Explained]:
    """Every error of a failed validation of ``data``, with its key path in the file."""
    for item in error.errors(include_url=False):
        path = _path_in_data(data, item["loc"])
        code, message, is_key = _explain(model, item, path)
        yield code, message, path, is_key


def _explain(model: type[BaseModel], item: Mapping[str, Any], path: KeyPath) -> tuple[str, str, bool]:
    """Code, message, and whether the key rather than the value is at fault."""
    kind: str = item["type"]
    value = item.get("input")
    context = item.get("ctx", {})
    if kind == "missing":
        return "missing-key", f"missing key {item['loc'][-1]!r}", False
    if kind == "extra_forbidden":
        name = str(item["loc"][-1])
        return "unknown-key", f"unknown key {name!r}{did_you_mean(name, _known_keys(model, path[:-1]))}", True
    if kind in {"literal_error", "enum"}:
        choices = _literal_choices(context.get("expected", ""))
        hint = did_you_mean(str(value), choices)
        listed = ", ".join(choices)
        return "bad-value", f"{_show(value)} is not one of {listed}{hint}", False
    if kind in {"union_tag_invalid", "union_tag_not_found"}:
        choices = _literal_choices(context.get("expected_tags", ""))
        tag = context.get("tag")
        if tag is None:
            return "missing-key", f"missing key {context['discriminator']}", False
        return "bad-value", f"{tag!r} is not one of {', '.join(choices)}{did_you_mean(str(tag), choices)}", False
    if kind.endswith(("_type", "_parsing", "_from_float")):
        noun = _NOUN.get(kind.split("_", maxsplit=1)[0])
        if noun:
            return "wrong-type", f"expected {noun}, got {_show(value)}", False
    message = str(item["msg"]).removeprefix("Value error, ").removeprefix("Assertion failed, ")
    if kind not in {"value_error", "assertion_error"}:
        message = f"{message[:1].lower()}{message[1:]}, got {_show(value)}"
    return "bad-value", message, False


def _path_in_data(data: object, loc: Sequence[str | int]) -> KeyPath:
    """Pydantic's location without the branches of unions, which are not keys of the file.

    The last piece stays even if the data lacks it: it is the key that is missing.
    """
    path: list[str | int] = []
    here: Any = data
    for piece in loc:
        is_key = isinstance(here, dict) and piece in here
        is_index = isinstance(here, list) and isinstance(piece, int) and 0 <= piece < len(here)
        if is_key or is_index:
            here = here[piece]
        elif piece != loc[-1] or not isinstance(here, dict):
            continue
        path.append(piece)
    return tuple(path)


def _known_keys(model: type[BaseModel], path: KeyPath) -> list[str]:
    """The keys allowed in the table at ``path``."""
    shapes: list[Any] = [model]
    for piece in path:
        shapes = [inner for shape in shapes for inner in _enter(shape, piece)]
    known: dict[str, None] = {}
    for shape in shapes:
        if isinstance(shape, type) and issubclass(shape, BaseModel):
            known |= {info.alias or name: None for name, info in shape.model_fields.items()}
    return list(known)


def _enter(shape: Any, piece: str | int) -> Iterable[Any]:
    """The types that ``piece``, a key or an index, can lead to from a type."""
    if isinstance(shape, type) and issubclass(shape, BaseModel):
        for name, info in shape.model_fields.items():
            if piece in {name, info.alias}:
                yield from _unfold(info.annotation)
        return
    origin, arguments = get_origin(shape), get_args(shape)
    if isinstance(piece, int) and origin in {list, tuple, set, frozenset}:
        for argument in arguments:
            yield from _unfold(argument)
    elif isinstance(piece, str) and origin is dict:
        yield from _unfold(arguments[1])


def _unfold(annotation: Any) -> Iterable[Any]:
    """The plain alternatives of an annotation: unions and Annotated opened."""
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _unfold(get_args(annotation)[0])
    elif origin in {Union, types.UnionType}:
        for argument in get_args(annotation):
            yield from _unfold(argument)
    elif origin is not Literal and annotation is not type(None):
        yield annotation


def _literal_choices(expected: str) -> list[str]:
    """``"'foot', 'car' or 'truck'"`` as a list of names."""
    return [part.strip().strip("'\"") for part in expected.replace(" or ", ", ").split(",") if part.strip()]


def _show(value: object) -> str:
    """A value as the file has it, cut short."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        return "a list"
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:37]}..."
