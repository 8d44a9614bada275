"""One file per section of the report: numbers in sentences."""
