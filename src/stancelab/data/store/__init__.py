"""All rows of a prepared dataset on disk while it is made: read, keyed, and written by split."""
