"""Folds, sorts, indexes, compares and finds the names of things."""
