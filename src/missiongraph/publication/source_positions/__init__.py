"""Where files write their statements and terms: line and column, looked for when they are asked for."""

from __future__ import annotations

from missiongraph.publication.source_positions.index import PlacesOf

__all__ = ["PlacesOf"]
