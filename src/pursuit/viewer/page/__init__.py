"""A replay as one HTML file that plays in any browser, offline: the same frames, painted by a script of its own."""
