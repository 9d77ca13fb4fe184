"""Which rules these are."""

RULES_VERSION = 2
"""Goes up with every change that alters the digest of any episode, and stays for a refactor. The golden
playthroughs guard it: replays of an older version can be watched, but no longer verified."""
