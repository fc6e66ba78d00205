"""Evaluation of queries where it can be ended: a pool of processes, each with one query at a time."""
