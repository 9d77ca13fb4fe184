"""The spec of a tournament as it is written beside its ledger: all that the results depend on.

It is plain data, so that it can be compared and read without loading a scenario.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

import pursuit
from pursuit.content.files.problems import fail
from pursuit.tournament.code import code_hashes
from pursuit.tournament.plan import Entrant, Limits, Plan, Venue
from pursuit.tournament.sprt import Sprt

Spec: TypeAlias = dict[str, Any]

FORMAT = 1
FILE = "spec.json"


def make_spec(plan: Plan) -> Spec:
    """The spec of a plan. Raises ContentError if a scenario cannot be loaded."""
    policies = [spec for entrant in plan.entrants for spec in (entrant.hunter, entrant.guardian) if spec]
    venues = []
    for venue in plan.venues:
        scenario = venue.load()
        world = scenario.world
        policies += scenario.policies
        policies += [written.partition("=")[2].strip() for written in venue.policies]
        venues.append(
            {
                "scenario": venue.scenario,
                "line": venue.line,
                "params": dict(venue.params),
                "policies": list(venue.policies),
                "digest": scenario.digest,
                "ruleset": world.ruleset.name.lower(),
                "agents": world.num_agents,
                "turns": world.turns,
                "tie": world.ways.tie,
                "start": "drawn by the seed" if (world.num_start > 1).any() else "fixed",
                "outcomes": list(world.outcome_name),
                "scores": [int(score) / 2 for score in world.outcome_score],
            }
        )
    sprt, limits = plan.sprt, plan.limits
    return {
        "format": FORMAT,
        "engine": pursuit.__version__,
        "mode": plan.mode,
        "seed": plan.seed,
        "pairs": plan.pairs,
        "entrants": [{"hunter": entrant.hunter, "guardian": entrant.guardian} for entrant in plan.entrants],
        "venues": venues,
        "sprt": sprt and {"low": sprt.low, "high": sprt.high, "alpha": sprt.alpha, "beta": sprt.beta},
        "limits": {"seconds": limits.seconds, "memory": limits.memory},
        "regret": plan.regret,
        "code": code_hashes(list(dict.fromkeys(policies))),
    }


def plan_of(spec: Spec) -> Plan:
    """The plan that a spec was made of."""
    return Plan(
        mode=spec["mode"],
        entrants=tuple(Entrant(**entrant) for entrant in spec["entrants"]),
        venues=tuple(
            Venue(venue["scenario"], venue["line"], tuple(venue["params"].items()), tuple(venue["policies"]))
            for venue in spec["venues"]
        ),
        pairs=spec["pairs"],
        seed=spec["seed"],
        sprt=Sprt(**spec["sprt"]) if spec["sprt"] else None,
        limits=Limits(**spec["limits"]),
        regret=spec["regret"],
    )


def read_spec(folder: Path) -> Spec:
    """The spec in a folder. Raises ContentError if there is none, or none of ours."""
    path = folder / FILE
    try:
        spec = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise fail("missing-file", "there is no tournament here", str(folder)) from None
    except (OSError, ValueError) as error:
        raise fail("broken-file", f"cannot be read: {error}", str(path)) from None
    if not isinstance(spec, dict) or spec.get("format") != FORMAT:
        raise fail("other-format", "this is no spec of a tournament, or one of another version of pursuit", str(path))
    return spec


def differences(old: Any, new: Any, where: str = "") -> Iterator[str]:
    """What two specs say differently, each as ``where: old, now new``."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in dict.fromkeys([*old, *new]):
            yield from differences(old.get(key), new.get(key), f"{where}.{key}" if where else str(key))
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for at, (one, other) in enumerate(zip(old, new, strict=True)):
            yield from differences(one, other, f"{where}[{at}]")
    elif old != new:
        yield f"{where}: {json.dumps(old)}, now {json.dumps(new)}"


def check_same(old: Spec, new: Spec, folder: Path) -> None:
    """Raise ContentError with every difference; only the number of pairs may have grown."""
    found = [text for text in differences({**old, "pairs": 0}, {**new, "pairs": 0}) if not text.startswith("code.")]
    if found:
        told = "\n    ".join(found)
        raise fail("other-spec", f"another tournament is kept here; choose another --out\n    {told}", str(folder))
    changed = [name for name in new["code"] if old["code"].get(name) != new["code"][name]]
    if changed:
        named = ", ".join(changed)
        message = f"the code of {named} has changed since this tournament began; choose another --out"
        raise fail("other-code", message, str(folder))
    if new["pairs"] < old["pairs"]:
        message = f"{old['pairs']} pairs are kept here, more than the {new['pairs']} asked for; choose another --out"
        raise fail("other-spec", message, str(folder))
