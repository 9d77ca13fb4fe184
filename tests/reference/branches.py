"""Every branch that the referee can take, by the name it counts it under."""

from __future__ import annotations

from pursuit.core.script import Ask, Do, Edge

_REFUSED = {
    "MORPH": "TRAIT OBJECT UNKNOWN_GUISE ALREADY RIDING",
    "SAMPLE": "TRAIT OBJECT COMPLEX TOO_FAR",
    "GRAB": "OBJECT RIDING TOO_FAR",
    "STRIKE": "OBJECT DRIVING TOO_FAR",
    "SHOOT": "TRAIT OBJECT DRIVING NO_GUN TOO_FAR",
    "OPEN": "OBJECT RIDING TOO_FAR CONTESTED LOCKED ALREADY",
    "SHUT": "OBJECT RIDING TOO_FAR CONTESTED ALREADY",
    "FORCE": "TRAIT OBJECT RIDING TOO_FAR CONTESTED LOCKED ALREADY",
    "TAKE": "OBJECT RIDING TOO_FAR CONTESTED",
    "DROP": "OBJECT TOO_FAR",
    "MOUNT": "OBJECT RIDING TOO_FAR OCCUPIED FULL",
    "DISMOUNT": "NOT_RIDING",
    "CHALLENGE": "OBJECT TOO_FAR",
    "ORDER": "TRAIT OBJECT NOT_COMMANDED ORDER TOO_FAR CONTESTED UNWILLING",
    "THROW": "OBJECT TOO_FAR",
    "PULL": "RIDING TOO_FAR",
    "LOWER": "OBJECT RIDING TOO_FAR UNWILLING",
    "PICK": "TRAIT OBJECT RIDING TOO_FAR ALREADY LOCKED FUMBLED",
    "UNLOCK": "OBJECT RIDING NO_KEY TOO_FAR ALREADY LOCKED MORE_KEYS",
    "SEIZE": "TRAIT OBJECT RIDING TOO_FAR NOT_SOUGHT ALREADY FUMBLED",
    "ALARM": "RIDING TOO_FAR ALREADY",
    "ARM": "OBJECT RIDING TOO_FAR ALREADY",
    "DETONATE": "NO_TRIGGER",
    "RELOAD": "OBJECT NO_GUN TOO_FAR ALREADY",
    "PERSUADE": "OBJECT TOO_FAR ALREADY NO_EVIDENCE",
    "TELL": "OBJECT TOO_FAR ALREADY",
}

STORY: tuple[str, ...] = (
    "ended", "not able",
    # obey, morph
    "refused WITNESSED", "refused HELD", "held fast",
    "refused GOAL", "refused VERB", "refused STILL", "refused HARM",
    *(f"refused {verb} {why}" for verb, whys in _REFUSED.items() for why in whys.split()),
    *(f"did {verb}" for verb in _REFUSED),
    "order HOLD works", "order GO works", "order GO, there", "a cue outranks the order",
    "wears an object", "changer told to walk", "changed", "change lost at morph",
    # move
    "walks at the pace of its guise", "leftover used on foot", "leftover used by a vehicle", "passenger has a goal",
    "door opened by moving on foot", "door opened by moving in a vehicle", "two open one door in one impulse",
    "blocked on foot: no way", "blocked on foot: door LOCKED", "blocked on foot: door BARRED",
    "blocked in a vehicle: no way", "blocked in a vehicle: door LOCKED", "blocked in a vehicle: door BARRED",
    "slipped a barred door", "slipped bars", "rides along", "hangs on and is carried", "met by crossing",
    "does itself no harm on foot", "does itself no harm in a vehicle",
    "stopped at the goal", "stopped on meeting toward", "stopped at an exit on foot", "stopped at an exit in a vehicle",
    # touch, strike, recover
    "sampled an agent", "sampled an item", "sample of a machine", "grabbed here", "grabbed in passing",
    "STRIKE hits", "STRIKE misses", "SHOOT hits", "SHOOT misses", "shot at cover", "hit by several",
    "shot seen, near", "shot seen, far", "shot unseen, near", "shot unseen, far", "splashed", "sampled by blade",
    "dead", "dead, was not well", "down", "hit while lying", "offline", "hit while offline", "split", "torn open",
    "took a life", "spared a life", "caught by a blast", "caught by its own blast", "missed by a blast", "knocked",
    "not knocked: rides", "not knocked: sturdy", "not knocked: nowhere to go", "backup power counts", "restarted",
    "sturdy stands", "staggered", "change lost by a hit", "shaken off", "struck and was felled", "fell off",
    "fell out of a seat", "stagger stays", "stagger falls", "healed", "persons do not heal",
    # handle
    "hands: no longer upright", "OPEN of a door SHUT", "FORCE of a door SHUT", "FORCE of a door LOCKED",
    "SHUT of a door OPEN", "OPEN of a door OPEN refused", "OPEN of a door LOCKED refused",
    "OPEN of a door BARRED refused", "SHUT of a door SHUT refused", "SHUT of a door LOCKED refused",
    "SHUT of a door BARRED refused", "FORCE of a door OPEN refused", "FORCE of a door BARRED refused",
    "took from the ground", "took from a body", "left a seat", "let go", "seat by draw", "takes the wheel",
    "takes a seat", "talk: near and unseen", "challenged by several", "challenge: unmasked", "challenge of a mate",
    "bluff passed", "bluff failed", "linked by challenge", "linked with mates by challenge",
    "order FREE", "order FOLLOW", "order HOLD", "order GUARD", "order FETCH", "order GO", "order SPARE",
    "order FREE_FIRE", "a vehicle loses its driver and its leftover",
    "pulled by several", "presses start", "presses stop", "lowered", "lowered one who lies",
    "FORCE of a door with several keys", "unlocked by several", "a machine is not held", "seized", "seized by several",
    "a grip holds", "a grip ends", "struck in the look of the law", "struck by or at who is wanted", "a crime is seen",
    "a crime is not seen",
    "disarmed", "persuaded a friend", "persuaded a stranger", "a killing blow is barred",
    "the last blow is withheld", "a fallen hand holds on",
    "a charge goes off", "a charge lights a fire", "killed by a charge", "ruined by a charge",
    # hazard
    "a hazard MELTS", "a hazard CRUSHES", "a hazard BURNS", "a thing sinks", "melted in a vehicle", "held by who melts",
    # close
    "a hunter may restart", "what sank is not seen",
    "left on foot", "left riding", "an object is not noticed", "dropped out", "linked by radio alone",
    "overheard by radio", "left row", "left row of one who is gone", "left row of a mind without members",
    "row by draw", "outcome QUARRY_KILLED", "outcome QUARRY_ESCAPED", "outcome HUNTER_DESTROYED", "outcome TURN_LIMIT",
    "an outcome is withheld",
)  # fmt: skip

SCRIPT: tuple[str, ...] = (
    *(f"{ask.name} {how}" for ask in Ask if ask not in (Ask.START, Ask.OUTCOME) for how in ("holds", "fails")),
    "START holds", *(f"effect {do.name}" for do in Do), *(f"edge {edge.name}" for edge in Edge),
    "a trigger fires", "a delayed effect lands", "not again while due", "still cooling down",
    "chance taken", "chance missed",
)  # fmt: skip

CLASSICAL: tuple[str, ...] = (
    "ended", "SIMULTANEOUS: captured by crossing", "LAZY: only the lowest moves",
    *(
        f"{ruleset}: {what}"
        for ruleset in ("SIMULTANEOUS", "ALTERNATING", "LAZY")
        for what in (
            "stay", "goal out of reach", "captured on the node", "captured within a hop", "left",
            "outcome QUARRY_CAPTURED", "outcome QUARRY_ESCAPED", "outcome TURN_LIMIT",
        )
    ),
)  # fmt: skip
