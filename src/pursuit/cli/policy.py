"""``pursuit policy``: who can choose for an agent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from pursuit.policies.registry import Description

app = typer.Typer(help="List, describe and check policies.", no_args_is_help=True)

NAME = Annotated[str, typer.Argument(help="A policy by name, or MODULE:CLASS.", metavar="NAME")]
JSON = Annotated[bool, typer.Option("--json", help="Print one JSON object instead.")]


@app.command("list")
def list_policies(as_json: JSON = False) -> None:
    """All policies, each with a line about it."""
    from pursuit.cli import show
    from pursuit.policies import registry

    found = [registry.describe(name) for name in registry.names()]
    if as_json:
        show.emit({"policies": [_facts(policy) for policy in found]})
        return
    rows = [
        (policy.name, str(policy.version), ", ".join(policy.sides), policy.oracle, policy.summary) for policy in found
    ]
    show.table(show.console(), ("policy", "version", "for", "oracle", ""), rows, right=(1,))


@app.command()
def describe(name: NAME, as_json: JSON = False) -> None:
    """What a policy does, and its parameters."""
    from pursuit.cli import show
    from pursuit.policies.base import ORACLES

    policy = _described(name)
    if as_json:
        show.emit(_facts(policy))
        return
    out = show.console()
    out.print(f"{policy.name}, version {policy.version}, for {', '.join(policy.sides)}", style="bold")
    out.print(policy.summary)
    if policy.oracle:
        out.print(f"an oracle, a yardstick for others: {ORACLES[policy.oracle]}")
    rows = [(param.name, str(param.default), _range(param), param.help) for param in policy.params]
    if rows:
        show.table(out, ("parameter", "default", "range", ""), rows)


@app.command()
def check(
    name: NAME,
    scenarios: Annotated[list[str] | None, typer.Option("--on", help="Scenario to try it on. Default: all.")] = None,
    as_json: JSON = False,
) -> None:
    """Try a policy against the contract that every policy has to keep. Exit 1 if it breaks a promise."""
    from pursuit.cli import show
    from pursuit.content.scenario import load_scenario, scenario_names
    from pursuit.policies import registry
    from pursuit.policies.base import unfit
    from pursuit.policies.contract import audit, own_slots
    from pursuit.sense.observe import brief

    _described(name)
    tried: dict[str, list[dict[str, str]]] = {}
    for scenario in scenarios or scenario_names():
        world = load_scenario(scenario, "open").world
        slots = own_slots(registry.make(name), world)
        if not slots or unfit(registry.make(name), brief(world, slots)):
            continue
        breaches = audit(lambda: registry.make(name), world)
        tried[scenario] = [{"promise": breach.promise, "detail": breach.detail} for breach in breaches]
        if as_json:
            continue
        for breach in breaches:
            print(f"{name} on {scenario}: {breach.promise}: {breach.detail}")
        if not breaches:
            print(f"{name} on {scenario}: keeps the contract")
    if as_json:
        show.emit({"policy": name, "breaches": tried})
    raise typer.Exit(1 if any(tried.values()) else 0)


def _described(name: str) -> Description:
    from pursuit.content.files.problems import fail
    from pursuit.policies import registry

    try:
        return registry.describe(name)
    except registry.PolicyError as error:
        raise fail("unknown-policy", str(error)) from None
    except Exception as error:
        if ":" not in name:
            raise
        # Somebody's own module, which may do anything while it is imported.
        raise fail("broken-policy", f"{name!r} cannot be read: {type(error).__name__}: {error}") from error


def _range(param: Any) -> str:
    if param.choices:
        return ", ".join(param.choices)
    low, high = param.low, param.high
    if low is None and high is None:
        return ""
    return f"{'' if low is None else low} to {'' if high is None else high}"


def _facts(policy: Description) -> dict[str, Any]:
    return {
        "name": policy.name,
        "version": policy.version,
        "sides": list(policy.sides),
        "summary": policy.summary,
        "oracle": policy.oracle or None,
        "params": [
            {"name": p.name, "default": p.default, "low": p.low, "high": p.high, "choices": list(p.choices)}
            for p in policy.params
        ],
    }
