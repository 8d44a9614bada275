"""Rows on their way from input files to a prepared dataset."""
