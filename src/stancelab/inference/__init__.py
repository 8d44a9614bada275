"""Checkpoint -> probabilities: for examples in memory, and for tables."""
