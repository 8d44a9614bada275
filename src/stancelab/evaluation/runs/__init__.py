"""Evaluations read back: external predictions, comparisons, pooled folds, learning curves."""
