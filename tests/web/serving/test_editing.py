"""``serve --watch``: what is saved is served, or it is told what hinders that, and nothing is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.browser import Browser, browsing
from tests.conftest import free_port
from tests.web.serving.test_new_builds import children
from tests.web.serving.test_parents import lives, wait_until

SETTINGS = 'title = "{title}"\nbase = "https://example.org/"\nlanguages = ["en", "it"]\n'
DATA = """\
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<https://example.org/id/x> a <https://example.org/ns/T> ; rdfs:label "{name}" .
"""
SHAPES = """\
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<https://example.org/ns/S> a sh:NodeShape ; sh:targetClass <https://example.org/ns/T> ;
  sh:property [ sh:path rdfs:label ; sh:maxCount 1 ; sh:pattern "^[a-z ]+$" ; sh:message "Small letters only."@en ] .
"""
VIEW = "# title@en: All things\n# view: table\nSELECT ?a ?p ?b { ?a ?p ?b }"


@dataclass
class Editor:
    """Somebody who edits a publication while ``serve --watch`` runs on it."""

    folder: Path
    base: str
    process: subprocess.Popen[bytes]
    log: Path
    cache: Path

    def save(self, path: str, text: str) -> None:
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / path).write_text(text)

    def page(self, path: str = "/doc/x.ttl") -> str:
        return httpx.get(self.base + path, timeout=30).text

    def state(self) -> dict[str, Any]:
        return dict(httpx.get(f"{self.base}/static/editing.json", timeout=30).json())

    def wait_for(self, text: str, path: str = "/doc/x.ttl") -> None:
        wait_until(lambda: text in self.page(path))

    def wait_for_fault(self, text: str) -> str:
        wait_until(lambda: text in self.state()["faults"])
        return str(self.state()["faults"])


@contextmanager
def editing(folder: Path, cache: Path, log: Path, data: str = DATA.format(name="alder")) -> Iterator[Editor]:
    """``serve --watch`` on a new publication in *folder*."""
    port = free_port()
    editor = Editor(folder, f"http://127.0.0.1:{port}", None, log, cache / "missiongraph")  # type: ignore[arg-type]  # started below
    editor.save("missiongraph.toml", SETTINGS.format(title="Trees"))
    editor.save("data/a.ttl", data)
    editor.save("shapes/s.ttl", SHAPES)
    command = [sys.executable, "-m", "missiongraph", "serve", "--watch", "--publication", str(folder)]
    command += ["--port", str(port)]
    environment = {**os.environ, "XDG_CACHE_HOME": str(cache)}
    with log.open("wb") as said, subprocess.Popen(command, stdout=said, stderr=said, env=environment) as process:
        editor.process = process
        try:
            yield editor
        finally:
            process.terminate()


def answers(editor: Editor) -> bool:
    assert editor.process.poll() is None, editor.log.read_text()
    try:
        return httpx.get(f"{editor.base}/readyz", timeout=5).is_success
    except httpx.TransportError:
        return False


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    """A server for all tests; each takes back what it saved."""
    folder = tmp_path_factory.mktemp("editing")
    with editing(folder / "publication", folder / "cache", folder / "log") as editor:
        wait_until(lambda: answers(editor))
        yield editor
        assert_nothing_is_left(editor, signal.SIGTERM)


def assert_nothing_is_left(editor: Editor, how: signal.Signals) -> None:
    """Nothing is left of it when it is ended by *how*, in the middle of a build."""
    editor.save("data/a.ttl", DATA.format(name="oak"))
    wait_until(lambda: len(list(children(editor.process.pid))) > 0)
    time.sleep(0.3)
    below = list(children(editor.process.pid))
    editor.process.send_signal(how)
    assert editor.process.wait(20) == (0 if how != signal.SIGKILL else -how)
    wait_until(lambda: not any(map(lives, below)))
    if how == signal.SIGKILL:  # it can remove nothing itself: the next build does
        again = ["build", "--publication", str(editor.folder), "--out", str(editor.cache)]
        subprocess.run([sys.executable, "-m", "missiongraph", *again], check=True, capture_output=True)
    assert list(editor.cache.glob(".building-*")) == []
    assert "Traceback" not in editor.log.read_text()


@pytest.fixture
def editor(running: Editor) -> Iterator[Editor]:
    before = running.state()
    yield running
    for file in running.folder.rglob("*"):
        if file.is_file() and file.name not in ("missiongraph.toml", "a.ttl", "s.ttl"):
            file.unlink()
    running.save("missiongraph.toml", SETTINGS.format(title="Trees"))
    running.save("data/a.ttl", DATA.format(name="alder"))
    running.save("shapes/s.ttl", SHAPES)
    wait_until(lambda: running.state() == before)


def test_what_is_saved_is_served_whole(editor: Editor) -> None:
    old = editor.state()["build"]
    editor.save("data/a.ttl", DATA.format(name="birch"))
    editor.wait_for("birch")
    assert editor.state()["build"] != old
    query = "SELECT ?n { ?s <http://www.w3.org/2000/01/rdf-schema#label> ?n }"  # evaluators have turned over too
    answer = httpx.get(f"{editor.base}/sparql", params={"query": query, "format": "csv"}, timeout=30)
    assert "birch" in answer.text
    assert "birch" in editor.page("/search?q=birch")


@pytest.mark.parametrize(
    ("path", "text", "address", "seen"),
    [
        ("missiongraph.toml", SETTINGS.format(title="Woods"), "/", "Woods"),
        ("data/more/b.ttl", DATA.format(name="more").replace("/x>", "/y>"), "/doc/y.ttl", "more"),
        ("shapes/s.ttl", SHAPES.replace("Small letters", "Lower case"), "/shapes.ttl", "Lower case"),
        ("queries/views/v.rq", VIEW, "/views/v", "All things"),
    ],
)
def test_every_part_of_a_publication_is_followed(editor: Editor, path: str, text: str, address: str, seen: str) -> None:
    editor.save(path, text)
    editor.wait_for(seen, address)


@pytest.mark.parametrize(
    ("path", "text", "faults"),
    [
        ("data/a.ttl", DATA.format(name="birch") + "broken", ["data/a.ttl:3:"]),
        ("data/a.ttl", DATA.format(name="BIRCH <b>"), ["Small letters only.", "data/a.ttl:2"]),
        ("missiongraph.toml", "titel = 3", ["missiongraph.toml:1", "titel"]),
        ("shapes/s.ttl", "<", ["shapes/s.ttl:1:"]),
        ("queries/q.rq", "# title: Q\nSELECT", ["queries/q.rq:"]),
    ],
)
def test_faults_are_told_with_their_place_and_the_last_valid_content_is_served_on(
    editor: Editor, path: str, text: str, faults: list[str]
) -> None:
    old = editor.state()["build"]
    editor.save(path, text)
    told = editor.wait_for_fault(faults[0])
    assert all(fault in told for fault in faults)
    assert told in editor.log.read_text()  # the terminal says the same
    assert "alder" in editor.page()
    assert editor.state()["build"] == old


def test_whoever_takes_a_fault_back_has_what_was_before(editor: Editor) -> None:
    old = editor.state()
    editor.save("data/a.ttl", "broken")
    editor.wait_for_fault("data/a.ttl:1:")
    editor.save("data/a.ttl", DATA.format(name="alder"))
    wait_until(lambda: editor.state() == old)


def test_of_many_savings_the_last_counts(editor: Editor) -> None:
    for number in range(8):
        editor.save("data/a.ttl", DATA.format(name="birch" + "h" * number))
        time.sleep(0.25 if number % 2 else 0.05)  # some while a build is under way, some before it begins
    editor.wait_for('"birch' + "h" * 7 + '"')
    assert editor.state()["faults"] == ""
    (builds,) = editor.cache.glob(".building-*")
    wait_until(lambda: len([folder for folder in builds.iterdir() if folder.is_dir()]) <= 3)  # two, and current


def test_pages_of_other_sites_cannot_read_what_an_editor_is_told(editor: Editor) -> None:
    answer = httpx.get(f"{editor.base}/static/editing.json", headers={"Origin": "https://elsewhere.example"})
    assert "access-control-allow-origin" not in answer.headers
    assert answer.headers["cache-control"] == "no-store"


def test_a_server_that_watches_nothing_has_none_of_this(beer: httpx.Client) -> None:
    assert beer.get("/static/editing.json").status_code == 404
    assert "editing" not in beer.get("/", headers={"Accept": "text/html"}).text


@pytest.mark.parametrize("how", [signal.SIGKILL, pytest.param(signal.SIGINT, marks=pytest.mark.conformance)])
def test_a_publication_with_faults_is_waited_for_and_nothing_is_left_in_the_end(
    tmp_path: Path, how: signal.Signals
) -> None:
    with editing(tmp_path / "p", tmp_path / "cache", tmp_path / "log", data="broken") as editor:
        wait_until(lambda: "waiting until" in editor.log.read_text())
        assert "data/a.ttl:1:" in editor.log.read_text()
        editor.save("data/a.ttl", DATA.format(name="alder"))
        wait_until(lambda: answers(editor))
        assert "alder" in editor.page()
        assert_nothing_is_left(editor, how)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browsing(tmp_path_factory.mktemp("browser")) as opened:
        yield opened


#: What the heading of the page, and the banner, say now.
HEADING = "document.querySelector('h1')?.textContent"
BANNER = "document.querySelector('[role=alert]')?.textContent"


def test_an_open_page_shows_faults_and_then_what_was_saved(editor: Editor, browser: Browser) -> None:
    browser.open(f"{editor.base}/doc/x?lang=en")
    browser.wait_for(f"{HEADING} === 'alder'")
    editor.save("data/a.ttl", DATA.format(name="<b>BIRCH</b>"))
    banner = browser.wait_for(BANNER)
    assert "What was saved has faults. This page is from before." in banner
    assert all(part in banner for part in ("Small letters only.", "data/a.ttl:2", "<b>BIRCH</b>"))  # as text
    assert browser.value(HEADING) == "alder"
    editor.save("data/a.ttl", DATA.format(name="birch"))
    browser.wait_for(f"{HEADING} === 'birch'")
    assert not browser.value(BANNER)
    assert browser.complaints == []


@pytest.mark.conformance
def test_a_banner_goes_when_the_fault_is_taken_back(editor: Editor, browser: Browser) -> None:
    browser.open(f"{editor.base}/doc/x?lang=it")
    editor.save("data/a.ttl", "broken")
    assert "Ciò che è stato salvato ha errori." in browser.wait_for(BANNER)
    editor.save("data/a.ttl", DATA.format(name="alder"))
    browser.wait_for(f"!{BANNER}")


@pytest.mark.conformance
def test_a_page_that_was_not_there_appears(editor: Editor, browser: Browser) -> None:
    browser.open(f"{editor.base}/doc/y")
    browser.wait_for("document.body?.textContent.includes('404')")
    editor.save("data/b.ttl", DATA.format(name="cedar").replace("/x>", "/y>"))
    browser.wait_for(f"{HEADING} === 'cedar'")
    (editor.folder / "data/b.ttl").unlink()
    browser.wait_for("document.body?.textContent.includes('404')")


@pytest.mark.conformance
def test_whoever_types_loses_nothing(editor: Editor, browser: Browser) -> None:
    browser.open(f"{editor.base}/doc/x")
    browser.wait_for(f"{HEADING} === 'alder'")
    typed = "document.getElementById('page-search').value"
    browser.value(f"document.getElementById('page-search').focus(), {typed} = 'half a wo'")
    editor.save("data/a.ttl", DATA.format(name="birch"))
    editor.wait_for("birch")
    time.sleep(1)
    assert (browser.value(typed), browser.value(HEADING)) == ("half a wo", "alder")
    browser.value("document.activeElement.blur()")
    browser.wait_for(f"{HEADING} === 'birch'")


@pytest.mark.conformance
def test_it_ends_with_its_server(tmp_path: Path) -> None:
    with editing(tmp_path / "p", tmp_path / "cache", tmp_path / "log") as editor:
        wait_until(lambda: answers(editor))
        (server,) = Path(f"/proc/{editor.process.pid}/task/{editor.process.pid}/children").read_text().split()
        os.kill(int(server), signal.SIGKILL)
        assert editor.process.wait(20) != 0


@pytest.mark.parametrize(
    ("more", "said"), [(["--build", "b"], "without --build"), (["--publication", "nowhere"], "there is no folder")]
)
def test_wrong_use_is_refused_in_a_sentence(more: list[str], said: str) -> None:
    command = [sys.executable, "-m", "missiongraph", "serve", "--watch", "--port", str(free_port()), *more]
    run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert run.returncode == 2
    assert said in run.stderr
    assert "Traceback" not in run.stderr
