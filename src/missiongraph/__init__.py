"""missiongraph: a publisher of linked data whose facts show the words they rest on."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("missiongraph")
except PackageNotFoundError:  # read from a checkout that nobody installed
    __version__ = "0+unknown"

__all__ = ["__version__"]
