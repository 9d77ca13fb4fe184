"""Playing: rollouts, the checks on them, replays."""
