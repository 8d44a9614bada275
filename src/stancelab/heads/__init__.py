"""The networks that answer: an encoder with its own classification head, or with the pair head."""
