"""TOML files read strictly: where a name stands, and every problem of a file at once."""
