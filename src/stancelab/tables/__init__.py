"""Tables as files: CSV, TSV, JSON Lines and Parquet, read and written in batches."""
