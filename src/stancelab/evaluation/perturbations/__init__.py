"""Perturbation tests: the input is changed, the change of the answer counted."""
