"""Who chooses for whom: policies as they are written, made and given to agents."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pursuit.content.files.problems import did_you_mean, fail
from pursuit.core.world import Side, World
from pursuit.play.voices import Speaker
from pursuit.policies.base import Policy, unfit
from pursuit.policies.registry import PolicyError, make, spelled
from pursuit.sense.observe import brief


def assign(world: World, policies: Sequence[str], overrides: Iterable[str] = ()) -> tuple[Speaker, ...]:
    """The speakers of a cast: ``policies`` says who chooses for each agent, [A].

    Each override is ``SIDE=NAME(params)`` or ``AGENT=NAME(params)``; a later one wins, and one for an agent wins over
    one for its side. Agents with equal policies share one speaker, and so one call a turn. Raises ContentError for an
    unknown side, agent or policy.
    """
    chosen = list(policies)
    for agents_only in (False, True):
        for override in overrides:
            name, equals, spec = override.partition("=")
            if not equals or not name.strip():
                raise fail("policy-option", f"{override!r}: write SIDE=POLICY or AGENT=POLICY, such as hunter=beeline")
            slots = slots_of(world, name.strip(), override)
            if (name.strip() in world.agent_name) == agents_only:
                for slot in slots:
                    chosen[slot] = spec.strip()
    made: dict[str, Speaker] = {}
    for slot, spec in enumerate(chosen):
        policy = _made(spec)
        name = _spec(spec, policy)
        known = made.get(name)
        made[name] = Speaker(known.policy if known else policy, (*(known.slots if known else ()), slot), name)
    for speaker in made.values():
        reason = unfit(speaker.policy, brief(world, speaker.slots))
        if reason:
            raise fail("unfit-policy", f"{speaker.spec} cannot play {world.name}: {reason}")
    return tuple(made.values())


def canonical(spec: str) -> str:
    """The one spelling of a policy: no parameter at its default. Raises ContentError if there is no such policy."""
    return _spec(spec, _made(spec))


def specs(world: World, speakers: Iterable[Speaker]) -> list[str]:
    """The policy of each agent, as it is written, [A]."""
    written = [""] * world.num_agents
    for speaker in speakers:
        for slot in speaker.slots:
            written[slot] = speaker.spec
    return written


def _made(spec: str) -> Policy:
    try:
        return make(spec)
    except PolicyError as error:
        raise fail("unknown-policy", str(error)) from None
    except Exception as error:
        if ":" not in spec:
            raise
        # Somebody's own module, which may do anything while it is imported.
        raise fail("broken-policy", f"{spec!r} cannot be made: {type(error).__name__}: {error}") from error


def _spec(spec: str, policy: Policy) -> str:
    """One spelling for equal policies; one from outside keeps the module it comes from."""
    written = spelled(policy)
    outside = spec.split("(", maxsplit=1)[0].strip()
    return outside + written[written.find("(") :] * ("(" in written) if ":" in outside else written


def slots_of(world: World, name: str, written: str) -> list[int]:
    """The slots that a side or an agent's name stands for. Raises ContentError, quoting what was `written`."""
    sides = {side.name.lower(): side for side in Side}
    if name in world.agent_name:
        return [world.agent_name.index(name)]
    if name in sides:
        found = [slot for slot in range(world.num_agents) if world.side[slot] == sides[name]]
        if not found:
            raise fail("policy-option", f"{written!r}: the scenario has nobody on the side {name}")
        return found
    known = [*sides, *world.agent_name]
    hint = did_you_mean(name, known) or f"; there is {', '.join(known)}"
    raise fail("unknown-agent", f"{written!r}: {name!r} is neither a side nor an agent{hint}")
