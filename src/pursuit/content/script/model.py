"""The shape of a scenario file: which tables and keys there are, and of what type (`docs/scenarios.md`).

What the names in it mean, and which keys of a test or an effect go together, is looked up later, in `compile_…`.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from pursuit.content.script.words import EVENTS, ORDERS, REFUSALS, STATUSES, VERBS

Text = Annotated[str, Field(min_length=1)]
Names = Text | Annotated[list[Text], Field(min_length=1)]
Line = Literal["film", "open", "both"]
SideName = Literal["hunter", "guardian", "law", "bystander"]


def _one_of(words: Any) -> Any:
    """A name that is looked up later: an unknown one gets a better message there. The schema lists them."""
    return Annotated[str, WithJsonSchema({"type": "string", "enum": list(words)})]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Span(_Table):
    """Turns from … to."""

    from_: int = Field(1, alias="from")
    to: int | None = None


class ConditionTable(_Table):
    """A condition, or the arguments of an event; which keys go together is checked later."""

    on: _one_of(EVENTS) | None = None  # type: ignore[valid-type]
    all: list[ConditionTable] | None = None
    any: list[ConditionTable] | None = None
    not_: ConditionTable | None = Field(None, alias="not")
    agent: Names | None = None
    other: Names | None = None
    at: Names | None = None
    in_: Names | None = Field(None, alias="in")
    way: list[Names] | None = Field(None, min_length=2, max_length=2)
    radius: float | None = Field(None, ge=0)
    turn: int | Span | None = None
    turns: int | None = Field(None, ge=0)
    every: int | None = Field(None, ge=1)
    from_: int | None = Field(None, alias="from", ge=0)
    to: int | None = Field(None, ge=0)
    verb: _one_of(VERBS) | None = None  # type: ignore[valid-type]
    hit: bool | None = None
    reason: _one_of(REFUSALS) | None = None  # type: ignore[valid-type]
    item: Text | None = None
    vehicle: Text | None = None
    door: Text | None = None
    guise: Text | None = None
    after: Text | None = None
    cue: Text | None = None
    var: Text | None = None
    is_: int | None = Field(None, alias="is")
    at_least: float | None = None
    at_most: float | None = None
    status: _one_of(STATUSES) | list[_one_of(STATUSES)] | None = None  # type: ignore[valid-type]
    state: Names | None = None
    masked: bool | None = None
    wanted: bool | None = None
    held: bool | None = None
    persuaded: bool | None = None
    armed: Text | None = None
    rides: Text | None = None
    order: _one_of(ORDERS) | None = None  # type: ignore[valid-type]
    linked: Names | None = None
    idle: int | None = Field(None, ge=1)
    health: Names | None = None
    held_by: Names | None = None
    rounds: Text | None = None
    taken: Names | None = None
    spared: Names | None = None
    gone: Names | None = None
    running: Text | None = None
    driven_by: Names | None = None
    count: Names | None = None
    distance: list[Names] | None = Field(None, min_length=2, max_length=2)
    visible: Names | None = None
    in_view: Names | None = None
    by: Names | None = None
    knows: Text | None = None
    fired: Text | None = None
    outcome: Text | None = None
    chance: int | None = Field(None, ge=0, le=1000)


class EffectTable(_Table):
    """An effect: one of the first keys, with its arguments."""

    cue: Text | None = None
    release: Names | None = None
    message: Text | None = None
    mark: Text | None = None
    set: Text | None = None
    add: Text | None = None
    know: Text | None = None
    link: list[Text] | None = Field(None, min_length=2)
    bring: Names | None = None
    send_away: Names | None = None
    give: Text | None = None
    damage: Names | None = None
    open: Text | None = None
    close: Text | None = None
    alarm: Text | None = None
    enable: Text | None = None
    disable: Text | None = None
    end: Text | None = None
    start: Text | None = None
    stop: Text | None = None
    want: Names | None = None
    pardon: Names | None = None
    to: int | Text | None = None
    by: int | None = None
    agent: Names | None = None
    at: Text | None = None
    side: SideName | None = None


class _Fires(ConditionTable):
    when: ConditionTable | None = None
    edge: Literal["level", "rising", "falling", "both"] = "level"
    max: int = Field(1, ge=0, le=30_000)
    cooldown: int = Field(0, ge=0)
    delay: int = Field(0, ge=0)
    priority: int = 0
    enabled: bool = True


class GivenTable(_Fires):
    """The condition on which a cue is given."""


class TriggerTable(_Fires):
    """A when and a then."""

    id: Text
    on: _one_of(EVENTS)  # type: ignore[valid-type]
    line: Line = "both"
    do: list[EffectTable] = Field(min_length=1)


class CueGoal(_Table):
    """What a cue's agent heads for, if not a place."""

    guise: Text | None = None
    item: Text | None = None
    vehicle: Text | None = None


class CueTable(_Table):
    """An order to one agent."""

    id: Text
    agent: Text
    line: Line = "both"
    to: Text | CueGoal | None = None
    gait: Literal["walk", "run"] = "run"
    verb: _one_of(VERBS) | None = None  # type: ignore[valid-type]
    object: Text | None = None
    order: _one_of(ORDERS) | None = None  # type: ignore[valid-type]
    order_object: Text | None = None
    given: GivenTable | None = None


class CheckTable(_Table):
    """A claim tested in a run."""

    id: Text
    title: str = ""
    line: Line = "both"
    that: ConditionTable
    at: Literal["end", "always", "eventually", "by_turn"] = "end"
    turn: int | None = Field(None, ge=0)
    required: bool = True


class AgentTable(_Table):
    """A member of the cast."""

    id: Text
    kind: Text
    side: SideName
    at: Names
    mind: Text | None = None
    guise: Text | None = None
    policy: Text = "stand_still"
    film: Text = "cues"
    absent: bool = False
    holds: list[Text] = []
    quarry: bool = False
    patient: bool = False
    wanted: bool = False
    evidence: bool = False
    knows: list[Text] = []
    label: str = ""
    copies: int = Field(1, ge=1, le=60)


class ItemTable(_Table):
    """A thing that can be carried."""

    id: Text
    weapon: Text | None = None
    radio: SideName | None = None
    simple: bool = False
    opens: list[Text] = []
    evidence: bool = False
    part: bool = False
    at: Text | None = None
    label: str = ""


class VehicleTable(_Table):
    """Something to ride."""

    id: Text
    kind: Text
    at: Text
    radio: SideName | None = None
    label: str = ""


class LockTable(_Table):
    """A door whose lock takes several keys at once."""

    door: Text
    keys: int = Field(ge=2, le=8)


class HazardTable(_Table):
    """Nodes that harm whoever is in them."""

    id: Text
    kind: Literal["melts", "crushes", "burns"]
    at: Names
    on: bool = True


class RegionTable(_Table):
    """A named set of nodes."""

    id: Text
    nodes: list[Text] = Field(min_length=1)
    exit: list[SideName] = []


class OutcomeTable(_Table):
    """An end of the episode, or another score for a built-in one."""

    id: Text
    score: float = Field(ge=0, le=1, multiple_of=0.5)
    line: Line = "both"


class ParamTable(_Table):
    """A parameter of the file."""

    default: int | float | str | bool
    low: int | None = None
    high: int | None = None
    values: list[int | float | str | bool] | None = Field(None, min_length=1)


class ScenarioFile(_Table):
    """A whole file."""

    id: Text
    title: Text
    map: Text
    ruleset: Literal["story", "simultaneous", "alternating", "lazy"] = "story"
    turns: int = Field(ge=1, le=100_000)
    seed: int = Field(0, ge=0, lt=2**63)
    about: str = ""
    picture: str = ""
    facts: list[Text] = Field([], max_length=32)
    capture_hops: Literal[0, 1] = 0
    tie: Literal["first", "last"] = "first"
    sampled: list[Text] = []
    vars: dict[str, int] = {}
    params: dict[str, ParamTable] = {}
    agent: list[AgentTable] = Field(min_length=1, max_length=120)
    item: list[ItemTable] = []
    vehicle: list[VehicleTable] = []
    region: list[RegionTable] = []
    hazard: list[HazardTable] = []
    lock: list[LockTable] = []
    outcome: list[OutcomeTable] = []
    trigger: list[TriggerTable] = []
    cue: list[CueTable] = []
    check: list[CheckTable] = []


def json_schema() -> dict[str, Any]:
    """The JSON Schema of the format, for editors. Where a number stands, a parameter may stand for it."""
    schema = ScenarioFile.model_json_schema(by_alias=True)
    tables = schema["$defs"]
    for table in (schema, *(tables[name] for name in tables if name != "ParamTable")):
        if "properties" in table:
            table["properties"] = {key: _or_parameter(value) for key, value in table["properties"].items()}
    tables["Parameter"] = {"type": "string", "pattern": r"^\$[A-Za-z_]\w*$", "description": "A parameter's value."}
    return schema


def _or_parameter(schema: Any) -> Any:
    """A schema that takes ``"$name"`` as well, in the place of a number, or of true and false."""
    if isinstance(schema, list):
        return [_or_parameter(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {key: value if key in _VALUES else _or_parameter(value) for key, value in schema.items()}
    if "enum" in schema or schema.get("type") not in ("integer", "number", "boolean"):
        return inner
    outer = {key: inner.pop(key) for key in ("default", "title") if key in inner}
    return {"anyOf": [inner, {"$ref": "#/$defs/Parameter"}], **outer}


_VALUES = frozenset({"default", "enum"})
"""Keys of a schema that hold values, not schemas."""
