"""The files of a build: dumps in every format, tables, Parquet, GeoJSON, and their second reader."""
