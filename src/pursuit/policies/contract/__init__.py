"""The contract every policy is held to, and the kit that checks one against it."""

from pursuit.policies.contract.audit import Breach, audit, fingerprint, mixed, own_slots

__all__ = ["Breach", "audit", "fingerprint", "mixed", "own_slots"]
