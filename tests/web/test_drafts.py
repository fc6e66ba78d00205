"""A draft (``serve --watch``) shows what the build will show, but for its files and the script that follows changes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from missiongraph.build import Build, build_publication
from missiongraph.publication.dataset import read_dataset
from missiongraph.publication.source_folder import Publication
from missiongraph.web.context.site import Site
from missiongraph.web.serving.application import FAMILIES, create_app
from tests.conftest import BEER, ODD, contents

#: The lines of a page that only a draft has.
EDITING = re.compile(rb' *<(?:link|script)[^>]*static/editing\.(?:css|js)"[^>]*>(?:</script>)?\n')

#: Addresses that tell of the files to download, or load them. The home page does so for search engines.
OF_FILES = {
    "/",
    "/sparql/local",
    "/catalog",
    "/catalog?profile=dcat-ap-it",
    "/.well-known/void",
    "/dumps/",
    "/openapi.json",
}


@pytest.fixture(scope="module", params=[BEER, ODD], ids=["beer", "odd"])
def builds(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Build, Build]:
    """The build of a publication, and its draft."""
    dataset = read_dataset(Publication.open(request.param))
    out = tmp_path_factory.mktemp("builds")
    return build_publication(dataset, out / "whole"), build_publication(dataset, out / "draft", draft=True)


def addresses(build: Build) -> list[str]:
    site = Site(build)
    return [f"/{member.address()}" for family in FAMILIES for member in family.members(site)]


def got(client: FlaskClient, address: str) -> tuple[int, bytes]:
    answer = client.get(address, headers={"Accept": "text/html"})
    return answer.status_code, answer.data


def test_a_draft_has_every_address_of_the_build_but_those_of_files(builds: tuple[Build, Build]) -> None:
    whole, draft = (set(addresses(build)) for build in builds)
    assert whole > draft
    assert {address for address in whole - draft if not address.startswith("/dumps/")} == set()


def test_only_what_tells_of_files_differs_from_the_build(builds: tuple[Build, Build]) -> None:
    whole, draft = (create_app(build).test_client() for build in builds)
    others = set()
    for address in addresses(builds[1]):
        status, body = got(draft, address)
        assert status == 200, address
        plain = EDITING.sub(b"", body).replace(builds[1].id.encode(), builds[0].id.encode())
        if (status, plain) != got(whole, address):
            others.add(address)
    assert others <= OF_FILES


def test_only_pages_of_a_draft_follow_what_is_served(builds: tuple[Build, Build]) -> None:
    found = [EDITING.findall(got(create_app(build).test_client(), "/")[1]) for build in builds]
    assert found[0] == []
    assert len(found[1]) == 2
    assert f'data-build="{builds[1].id}"'.encode() in found[1][1]


def test_a_draft_and_the_build_are_never_taken_for_each_other(builds: tuple[Build, Build]) -> None:
    whole, draft = builds
    assert whole.id != draft.id
    assert (whole.is_draft, draft.is_draft) == (False, True)
    assert whole.manifest["digest"] == draft.manifest["digest"]
    assert "draft" not in whole.manifest  # the files of builds are as they were


def test_a_draft_has_no_files_and_says_so(builds: tuple[Build, Build]) -> None:
    client = create_app(builds[1]).test_client()
    assert contents(builds[1].folder / "dumps") == {}
    page = client.get("/dumps/?lang=en", headers={"Accept": "text/html"})
    assert b"missiongraph build makes them" in page.data
    assert b"SHA256SUMS" not in page.data
    assert client.get("/dumps/SHA256SUMS").status_code == 404


def test_the_same_draft_is_kept(builds: tuple[Build, Build], tmp_path: Path) -> None:
    dataset = read_dataset(Publication.open(BEER))
    first = build_publication(dataset, tmp_path, draft=True)
    made = (first.folder / "build.json").stat().st_ino
    again = build_publication(dataset, tmp_path, draft=True)
    assert (again.folder / "build.json").stat().st_ino == made
    whole = build_publication(dataset, tmp_path)
    assert (tmp_path / "current").resolve() == whole.folder != first.folder
