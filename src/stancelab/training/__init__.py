"""Prepared dataset -> checkpoint."""
