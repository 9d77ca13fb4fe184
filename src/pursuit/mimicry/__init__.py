"""Who is who, and where: what a mind can infer about a shape-shifter from what it has seen."""
