"""Labeled sentences of any corpus, as a prepared dataset on disk."""
