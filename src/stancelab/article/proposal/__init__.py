"""A codebook where none is given: who and what the documents name, proposed for a person to edit."""
