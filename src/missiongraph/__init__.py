"""missiongraph: a publisher of linked data whose facts show the words they rest on."""

from __future__ import annotations

__all__ = ["__version__"]

__version__: str


def __getattr__(name: str) -> str:
    """The version, looked up when it is asked for: reading the metadata of packages brings the parser of e-mails."""
    if name != "__version__":
        raise AttributeError(name)
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(__name__)
    except PackageNotFoundError:  # read from a checkout that nobody installed
        return "0+unknown"
