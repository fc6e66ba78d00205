"""Finds the lines and columns at which files write their statements and terms.

The parser gives no positions. So a light reader reads a file a second time, when a position in it is needed.
"""

from __future__ import annotations

from missiongraph.publication.source_positions.index import PlacesOf

__all__ = ["PlacesOf"]
