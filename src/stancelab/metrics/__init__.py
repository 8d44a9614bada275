"""Scores, calibration, intervals and significance tests: arrays in, numbers out."""
