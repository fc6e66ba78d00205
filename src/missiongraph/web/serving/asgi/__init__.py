"""The ASGI front of the production server: a cache before everything, queries to the evaluators, all else to Flask."""
