"""What is wrong with labeled rows: duplicates, leakage, disagreement, label issues."""
