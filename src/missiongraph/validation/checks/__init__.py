"""The checks of a dataset, one module each: all take a dataset and give results."""
