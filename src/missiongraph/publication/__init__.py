"""Reads a publication: a folder of knowledge without code, and the dataset that its files add up to."""
