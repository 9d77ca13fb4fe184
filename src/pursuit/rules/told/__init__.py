"""What happened, read from the difference of two states and told in sentences."""
