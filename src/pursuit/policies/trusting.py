"""The guardian that believes its eyes: the baseline of what deception is worth."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from pursuit.policies.escort import Escort


@dataclass(eq=False)
class Trusting(Escort):
    """Plays as escort does, and takes everybody for whom they look like until it sees them change or use blades."""

    wary: bool = field(default=False, init=False)

    name: ClassVar[str] = "trusting"
    version: ClassVar[int] = 1
