"""What a mind may know (`observe`), and what its agents' choices mean in the world (`resolve`)."""
