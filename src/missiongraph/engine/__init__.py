"""SPARQL engines: the protocol that all clients use, and pyoxigraph behind it."""

from missiongraph.engine.protocol import Engine

__all__ = ["Engine"]
