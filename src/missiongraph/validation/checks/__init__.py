"""The checks of a dataset, one module each. Each takes a dataset and yields results."""
