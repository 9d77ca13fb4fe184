"""Turn-based tactical pursuit on city graphs: thousands of chases at once, told step by step."""

__version__ = "0.1.0"
