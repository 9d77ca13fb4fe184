"""Environments for learners: PettingZoo and Gymnasium over the engine (extra ``rl``)."""
