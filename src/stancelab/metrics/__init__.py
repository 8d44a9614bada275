"""Arrays in, numbers out: scores, calibration, intervals, tests."""
