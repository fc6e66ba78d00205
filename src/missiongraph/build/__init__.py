"""Makes and opens builds. A build is an immutable folder, made of a valid dataset, from which everything is served."""

from missiongraph.build.assemble import build_publication
from missiongraph.build.opened_build import Build

__all__ = ["Build", "build_publication"]
