"""The whole site as files: the registry's members, written once instead of when they are asked for."""

from missiongraph.export.write import export_site

__all__ = ["export_site"]
