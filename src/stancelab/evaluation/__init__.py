"""Probabilities and examples -> metrics and prediction tables."""
