"""Evaluation of queries in processes that can be ended: a pool of evaluators, each with one query at a time."""
