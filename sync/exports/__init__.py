"""Copies of the warehouse as Parquet or CSV files, for those who work elsewhere."""
