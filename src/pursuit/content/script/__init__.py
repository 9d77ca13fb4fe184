"""Scenario files, compiled: cast, triggers, cues and checks."""
