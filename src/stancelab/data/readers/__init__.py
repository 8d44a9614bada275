"""One file for each corpus that is no plain table, and one for the hub."""
