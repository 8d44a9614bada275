"""The report of a learning curve."""
