"""Checks of small inputs that once failed, in groups; `check_cases.py` runs them."""
