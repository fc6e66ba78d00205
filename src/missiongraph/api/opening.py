"""Opens a folder, a build, or a site elsewhere as a publication."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from weakref import finalize

from missiongraph.api.graphs import Graph, opened
from missiongraph.api.publication import Publication
from missiongraph.api.remote_site import RemoteSite
from missiongraph.build import Build, build_publication
from missiongraph.errors import BuildError, Problem
from missiongraph.publication.dataset import read_dataset
from missiongraph.publication.settings import FILE_NAME
from missiongraph.publication.source_folder import Publication as Folder
from missiongraph.publication.source_folder import find_publication


def open(folder: str | os.PathLike[str] | None = None) -> Publication:
    """Opens a publication or a build on this machine.

    A publication is read as it is, without validation, into a build in the temporary folder, which goes with it.

    :param folder: the folder of a publication (it has a ``missiongraph.toml``), a build, or what ``build --out`` wrote
        to; by default the publication in the current folder, else the one that comes with missiongraph
    :raises SettingsError: there is neither, or the settings cannot be used
    :raises BuildError: the build is damaged
    """
    named = Path(folder) if folder is not None else None
    if named is not None and not (named / FILE_NAME).is_file():
        try:
            build = Build.open(named)
        except BuildError as error:
            if any(named.glob("*/build.json")) or (named / "build.json").exists():
                raise
            advice = f"name a folder with {FILE_NAME}, or one that missiongraph build --out wrote to"
            raise BuildError(Problem(f"{named} is neither a publication nor a build", advice=advice)) from error
        return Publication(lambda: opened(build), str(build.folder))
    found = find_publication(named)
    return Publication(lambda: _made(found.folder), str(found.folder), found.folder)


def connect(address: str, *, seconds: float = 60) -> Publication:
    """Opens a site that missiongraph serves elsewhere. It answers as a publication on this machine does.

    :param address: the address of its home page
    :param seconds: the longest time to wait for one answer
    :raises SiteUnreachable: nothing answers there, or no site of missiongraph
    """
    site = RemoteSite(address, seconds)
    connected: list[Graph] = [site]
    return Publication(lambda: connected.pop() if connected else RemoteSite(address, seconds), address)


def _made(folder: Path) -> Graph:
    """The publication in *folder*, in a draft of a build that is removed when nothing needs it."""
    out = tempfile.TemporaryDirectory(prefix="missiongraph-", ignore_cleanup_errors=True)
    graph = opened(build_publication(read_dataset(Folder.open(folder)), Path(out.name), draft=True))
    finalize(graph, out.cleanup)
    return graph
