"""A check of agents: the settings name an IRI under the base that the data does not describe."""

from __future__ import annotations

from collections.abc import Iterator

from missiongraph.errors import Place
from missiongraph.publication.dataset import Dataset
from missiongraph.publication.settings import FILE_NAME, Agent
from missiongraph.validation.report import Result

#: The source of results of this check.
SOURCE = "settings"


def check_named(dataset: Dataset) -> Iterator[Result]:
    """A warning for each agent of the settings whose IRI would answer 404."""
    settings = dataset.publication.settings
    agents = [(name.replace("_", "-"), value) for name, value in settings if isinstance(value, Agent)]
    ours = {(name, agent.iri) for name, agent in agents if agent.iri and agent.iri.startswith(settings.base)}
    if not ours:
        return
    described = {quad.subject.value for quad in dataset.quads if hasattr(quad.subject, "value")}
    text = (dataset.publication.folder / FILE_NAME).read_text("utf-8").splitlines()
    for name, iri in sorted(ours):
        if iri in described:
            continue
        line = next((number for number, written in enumerate(text, 1) if f'"{iri}"' in written), None)
        yield Result(
            severity="warning",
            messages=(
                ("en", f"{name} is <{iri}>, which answers 404: describe it in data/ (a class and a name are enough)"),
                ("it", f"{name} è <{iri}>, che risponde 404: va descritto in data/ (bastano una classe e un nome)"),
            ),
            source=SOURCE,
            place=Place(FILE_NAME, line),
        )
