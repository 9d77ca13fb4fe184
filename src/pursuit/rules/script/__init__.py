"""The scenario's script at play: triggers, the conditions they ask, the effects they have."""
