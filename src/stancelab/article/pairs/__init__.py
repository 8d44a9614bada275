"""Candidate pairs of an article: which source is asked about which target, in which sentence."""
