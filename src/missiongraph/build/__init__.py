"""From a valid dataset to a build: an immutable folder from which everything else is served."""

from missiongraph.build.assemble import build_publication
from missiongraph.build.opened_build import Build

__all__ = ["Build", "build_publication"]
