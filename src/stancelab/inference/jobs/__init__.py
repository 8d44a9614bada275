"""Prediction over files."""
