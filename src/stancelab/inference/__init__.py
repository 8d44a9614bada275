"""checkpoint -> probabilities."""
