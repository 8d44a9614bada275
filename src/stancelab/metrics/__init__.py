"""Scores, calibration, bootstrap intervals and significance tests: arrays in, numbers out."""
