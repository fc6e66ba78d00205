"""Engines that answer SPARQL behind one protocol."""

from missiongraph.engine.protocol import Engine

__all__ = ["Engine"]
