"""Real cities: street networks of OpenStreetMap, made into city files that load as boards."""
