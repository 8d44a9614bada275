"""The sections of the report: each turns a test file's numbers into sentences and tables for the templates."""
