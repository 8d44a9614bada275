"""One reader a file: tables, each public corpus, and the hub."""
