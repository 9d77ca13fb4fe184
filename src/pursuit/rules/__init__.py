"""The rules: State in, State out. What they say is written in docs/rules.md."""
