"""Exact play: for every state of a small pursuit game, what perfect play makes of it."""
