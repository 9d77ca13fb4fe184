"""Building blocks that policies share."""
