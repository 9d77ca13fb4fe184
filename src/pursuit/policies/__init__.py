"""Policies: what agents choose from what their mind knows. See `registry` for the list."""
