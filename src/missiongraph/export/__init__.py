"""Writes the whole site as files: each member of the registry's families, in each of its variants."""

from missiongraph.export.write import export_site

__all__ = ["export_site"]
