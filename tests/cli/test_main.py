"""The command line as a user meets it: real processes, exit codes, one clear line for each error."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from contextlib import suppress
from importlib import import_module, metadata
from pathlib import Path
from xml.etree import ElementTree

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from pyoxigraph import RdfFormat, parse

from missiongraph import __version__
from missiongraph.build import Build
from missiongraph.cli.main import COMMANDS
from tests.conftest import BEER, COMPLETE_SETTINGS, PublicationMaker, free_port, missiongraph

EX = "@prefix ex: <https://example.org/> .\n"
SHAPE = """\
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <https://example.org/> .
ex:BeerShape a sh:NodeShape ; sh:targetClass ex:Beer ;
    sh:property ex:BeerShape-name . ex:BeerShape-name sh:path ex:name ; sh:minCount 1 ;
    sh:message "A beer has a name."@en, "Una birra ha un nome."@it .
"""
NAMELESS = {"data/a.ttl": EX + "ex:ale a ex:Beer .", "shapes/s.ttl": SHAPE}
COMPLETE = {"missiongraph.toml": COMPLETE_SETTINGS}
COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"


def missiongraph_command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "missiongraph", *arguments]


def one_line(run: subprocess.CompletedProcess[str], exit_code: int) -> str:
    """The one line that a failed *run* leaves on standard error."""
    assert run.returncode == exit_code, run.stderr
    assert "Traceback" not in run.stderr
    (line,) = run.stderr.splitlines()
    assert line.startswith("missiongraph: ")
    return line


def test_help_names_every_command_and_the_version_is_told() -> None:
    run = missiongraph("--help")
    assert run.returncode == 0
    for command in ("validate", "build", "query", "serve"):
        assert f"  {command} " in run.stdout
    assert __version__ in missiongraph("--version").stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_help_lists_each_command_by_its_own_help(name: str) -> None:
    command = import_module(f"missiongraph.cli.commands.{name}").command
    assert (command.name, command.help) == (name, COMMANDS[name])


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_what_the_command_tells_of_itself_needs_no_library_but_click(option: str) -> None:
    """Importing pydantic and pyoxigraph takes half a second of processor time."""
    run = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "missiongraph", option],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in run.stderr.splitlines()}
    ours = {canonicalize_name(Requirement(line).name) for line in metadata.requires("missiongraph") or ()}
    assert loaded & ours == {"click"}


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("build",),
        ("validate", "--format", "xml"),
        ("serve", "--port", "0"),
        ("query", "--file", "x", "ASK {}"),
    ],
    ids=" ".join,
)
def test_wrong_use_exits_with_2(arguments: tuple[str, ...]) -> None:
    run = missiongraph(*arguments)
    assert run.returncode == 2
    assert "Error: " in run.stderr and "Traceback" not in run.stderr


def test_a_valid_publication_exits_with_0(make_publication: PublicationMaker) -> None:
    folder = make_publication({**COMPLETE, "data/a.ttl": EX + "ex:ale a ex:Ale ."})
    run = missiongraph("validate", "--publication", folder)
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout == "conforms: 0 violations, 0 warnings, 0 infos\n"


def test_a_violation_exits_with_1_and_is_told_whole(make_publication: PublicationMaker) -> None:
    run = missiongraph("validate", "--publication", make_publication({**COMPLETE, **NAMELESS}))
    assert (run.returncode, run.stderr) == (1, "")
    assert run.stdout.splitlines() == [
        "data/a.ttl:2:1: violation: A beer has a name.",
        "  ex:ale has no value of ex:name, at least 1 is needed",
        "  says ex:BeerShape-name",
        "does not conform: 1 violation, 0 warnings, 0 infos",
    ]


def test_a_report_can_be_had_for_machines(make_publication: PublicationMaker) -> None:
    folder = make_publication({**COMPLETE, **NAMELESS})

    def report(form: str) -> str:
        run = missiongraph("validate", "--publication", folder, "--format", form)
        assert run.returncode == 1
        return run.stdout

    (result,) = json.loads(report("json"))["results"]
    assert result["focus"] == "<https://example.org/ale>"
    assert len(list(parse(report("turtle"), RdfFormat.TURTLE))) > 5
    assert ElementTree.fromstring(report("junit")).get("failures") == "1"
    assert json.loads(report("sarif"))["runs"][0]["results"][0]["level"] == "error"


def test_a_report_speaks_italian_where_asked(make_publication: PublicationMaker) -> None:
    run = missiongraph("validate", "--publication", make_publication({**COMPLETE, **NAMELESS}), "--lang", "it")
    assert "violazione: " in run.stdout and run.stdout.endswith("non conforme: 1 violazione, 0 avvisi, 0 note\n")


def test_shapes_that_look_at_a_node_are_explained(make_publication: PublicationMaker) -> None:
    folder = make_publication({**COMPLETE, **NAMELESS})
    run = missiongraph("validate", "--publication", folder, "--explain", "ex:ale")
    assert (run.returncode, run.stderr) == (1, "")
    assert "looks at all of the class ex:Beer (sh:targetClass)" in run.stdout
    assert "does not name ex:nix" in one_line(
        missiongraph("validate", "--publication", folder, "--explain", "ex:nix"), 2
    )


MANY = {
    "data/a.ttl": EX + "".join(f"ex:b{number} a ex:Beer .\n" for number in range(9)),
    "shapes/s.ttl": NAMELESS["shapes/s.ttl"],
}


def test_results_are_folded_and_settings_counted_until_all_are_asked_for(make_publication: PublicationMaker) -> None:
    folder = make_publication(MANY)
    folded = missiongraph("validate", "--publication", folder).stdout
    assert folded.count("violation: ") == 3 and "and 6 more; missiongraph validate --all shows each" in folded
    assert len([line for line in folded.splitlines() if "--portal" in line]) == 1
    every = missiongraph("validate", "--publication", folder, "--all", "--portal").stdout
    assert every.count("violation: ") == 9 and every.count("missiongraph.toml: info: ") > 5


def test_nothing_that_a_library_prints_is_shown(make_publication: PublicationMaker) -> None:
    """RDFLib logs a traceback for a literal that is no date, pySHACL warns of shapes that refer to themselves."""
    prefixes = EX + "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
    shapes = "ex:S a sh:NodeShape ; sh:targetClass ex:P ; sh:property [ sh:path ex:knows ; sh:node ex:S ] ,\n"
    shapes += "[ sh:path ex:born ; sh:datatype xsd:date ] ."
    data = 'ex:a a ex:P ; ex:knows ex:b ; ex:born "2020-02-30"^^xsd:date . ex:b a ex:P ; ex:knows ex:a .'
    folder = make_publication({**COMPLETE, "data/a.ttl": prefixes + data, "shapes/s.ttl": prefixes + shapes})
    run = missiongraph("validate", "--publication", folder)
    assert (run.returncode, run.stderr) == (1, "")
    assert run.stdout.count("ex:S refers to itself: a node that leads back") == 1
    assert run.stdout.count("and so on: ex:S refers to itself\n") == 2  # within the result of each of the two
    assert "Traceback" not in run.stdout


def test_a_build_tells_what_needs_hands_and_counts_the_rest(make_publication: PublicationMaker, tmp_path: Path) -> None:
    rule = "# severity: {}\n# message@en: Look at it.\nSELECT ?s {{ ?s a <https://example.org/Beer> }}"
    files = {**COMPLETE, "data/a.ttl": MANY["data/a.ttl"]}
    folder = make_publication({**files, "queries/rules/i.rq": rule.format("info")})
    run = missiongraph("build", "--publication", folder, "--out", tmp_path / "out")
    assert run.stderr == "missiongraph: 9 remarks on the data: missiongraph validate tells more\n"
    (folder / "queries/rules/i.rq").write_text(rule.format("warning"))
    run = missiongraph("build", "--publication", folder, "--out", tmp_path / "out")
    assert run.returncode == 0 and run.stderr.count("warning: Look at it.") == 3
    assert "warning: warning" not in run.stderr


def test_colours_are_for_terminals_and_can_be_declined(make_publication: PublicationMaker) -> None:
    """As https://no-color.org asks."""
    folder = make_publication({**COMPLETE, **NAMELESS})
    assert "\x1b[31" in on_terminal("validate", "--publication", str(folder))
    assert "\x1b[31" not in on_terminal("validate", "--publication", str(folder), NO_COLOR="1")
    assert "\x1b[" not in missiongraph("validate", "--publication", folder).stdout


def on_terminal(*arguments: str, **environment: str) -> str:
    """What the command writes on a terminal."""
    ours, theirs = os.openpty()
    with subprocess.Popen(
        missiongraph_command(*arguments), stdout=theirs, stderr=subprocess.DEVNULL, env={**os.environ, **environment}
    ):
        os.close(theirs)
        written = b""
        with suppress(OSError):  # the end of a terminal
            while part := os.read(ours, 65536):
                written += part
    os.close(ours)
    return written.decode()


def test_all_unreadable_files_are_listed_each_with_its_place(
    make_publication: PublicationMaker, tmp_path: Path
) -> None:
    folder = make_publication(
        {
            "data/prefix.ttl": "\nex:a ex:b ex:c .",
            "data/encoding.ttl": b"# caff\xe8",
            "data/relative.ttl": "<a> <b> <c> .",
            "data/good.ttl": EX,
        }
    )
    for command in (["validate"], ["build", "--out", str(tmp_path / "out")], ["query", "ASK {}"]):
        run = missiongraph(*command, "--publication", folder)
        assert (run.returncode, run.stdout) == (2, "")
        assert [line.split(": ")[1] for line in run.stderr.splitlines()] == [
            "data/encoding.ttl:1:7",
            "data/prefix.ttl:2:1",
            "data/relative.ttl:1:1",
        ]
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"missiongraph.toml": 'title = "T"\nbas = "x"\n'}, "unknown key “bas” (the nearest known one is “base”)"),
        ({"data/a.ttl": "", "shapes/s.ttl": "nonsense"}, "shapes/s.ttl:1:1"),
        ({"data/a.ttl": "", "queries/rules/r.rq": "\nSELEKT"}, "queries/rules/r.rq:2:"),
        ({"data/a.ttl": "", "queries/rules/r.rq": "ASK {}"}, "queries/rules/r.rq: a rule is a SELECT query"),
        ({"data/a.txt": ""}, "no RDF file in"),
    ],
    ids=["settings", "shapes", "rule", "kind of rule", "no data"],
)
def test_other_unreadable_input_exits_with_2(
    make_publication: PublicationMaker, files: dict[str, str], says: str
) -> None:
    run = missiongraph("validate", "--publication", make_publication(files))
    assert run.returncode == 2
    assert says in run.stderr and "Traceback" not in run.stderr


@pytest.mark.parametrize(
    "command", [["validate"], ["build", "--out", "x"], ["query", "ASK {}"], ["serve"]], ids=" ".join
)
def test_a_missing_folder_is_told(tmp_path: Path, command: list[str]) -> None:
    port = ["--port", str(free_port())] if command == ["serve"] else []
    run = missiongraph(*command, *port, "--publication", tmp_path / "nowhere")
    assert "there is no folder" in one_line(run, 2)


def test_verbose_shows_where_an_error_arose(tmp_path: Path) -> None:
    run = missiongraph("--verbose", "validate", "--publication", tmp_path / "nowhere")
    assert run.returncode == 2
    assert run.stderr.startswith("missiongraph: there is no folder")
    assert "Traceback" in run.stderr and "SettingsError" in run.stderr


def test_build_prints_the_folder_of_the_build_and_nothing_else(tmp_path: Path) -> None:
    run = missiongraph("build", "--publication", BEER, "--out", tmp_path / "an out")
    assert (run.returncode, run.stderr) == (0, "")
    assert Path(run.stdout.removesuffix("\n")) == Build.open(tmp_path / "an out").folder


def test_build_warns_of_what_it_leaves_out(make_publication: PublicationMaker, tmp_path: Path) -> None:
    folder = make_publication({"data/a.ttl": EX + 'ex:a ex:b "\\u0001" .'})
    run = missiongraph("build", "--publication", folder, "--out", tmp_path / "out")
    assert "warning: test.rdf is left out" in one_line(run, 0)


def test_what_does_not_conform_is_not_built(make_publication: PublicationMaker, tmp_path: Path) -> None:
    run = missiongraph("build", "--publication", make_publication(NAMELESS), "--out", tmp_path / "out")
    assert (run.returncode, run.stdout) == (1, "")
    assert "A beer has a name." in run.stderr
    assert run.stderr.endswith("missiongraph: not built: 1 violation\n")
    assert not (tmp_path / "out").exists()


def test_an_output_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    run = missiongraph("build", "--publication", BEER, "--out", tmp_path / "file")
    assert "cannot write to" in one_line(run, 2)


def test_a_query_is_taken_as_text_from_a_file_and_from_standard_input(tmp_path: Path) -> None:
    file = tmp_path / "q.rq"
    file.write_text(COUNT)
    given = [missiongraph("query", "--publication", BEER, COUNT)]
    given.append(missiongraph("query", "--publication", BEER, "--file", file))
    given.append(missiongraph("query", "--publication", BEER, stdin=COUNT))
    given.append(missiongraph("query", "--publication", BEER, "-", stdin=COUNT))
    given.append(missiongraph("query", "--publication", BEER, "--file", "-", stdin=COUNT))
    for run in given:
        assert (run.returncode, run.stderr) == (0, "")
        assert run.stdout.split() == ["n", "34"]


@pytest.mark.parametrize(
    ("query", "form", "starts"),
    [
        ("SELECT ?s { ?s a skos:ConceptScheme }", None, "s\r\nhttp://beer.example/vocab/styles\r\n"),
        ("SELECT ?s { ?s a skos:ConceptScheme }", "tsv", "?s\n<http://beer.example/vocab/styles>"),
        ("SELECT ?s { ?s a skos:ConceptScheme }", "json", '{"head":{"vars":["s"]}'),
        ("SELECT ?s { ?s a skos:ConceptScheme }", "xml", "<?xml"),
        ("ASK { ?s a skos:ConceptScheme }", None, '{"head":{},"boolean":true}'),
        ("ASK {}", "xml", "<?xml"),
        ("CONSTRUCT WHERE { ?s a skos:ConceptScheme }", None, "@prefix"),
        ("CONSTRUCT WHERE { ?s a skos:ConceptScheme }", "nt", "<http://beer.example/vocab/styles>"),
        ("CONSTRUCT WHERE { ?s a skos:ConceptScheme }", "nq", "<http://beer.example/vocab/styles>"),
        ("CONSTRUCT WHERE { ?s a skos:ConceptScheme }", "trig", "@prefix"),
        ("CONSTRUCT WHERE { ?s a skos:ConceptScheme }", "rdf", "<?xml"),
        ("CONSTRUCT WHERE { ?s a skos:ConceptScheme }", "jsonld", "{"),
        ("DESCRIBE <http://beer.example/vocab/styles>", None, "@prefix"),
    ],
)
def test_an_answer_comes_in_the_format_asked_for(beer_build: Build, query: str, form: str | None, starts: str) -> None:
    command = ["query", "--build", str(beer_build.folder), query]
    run = subprocess.run(
        missiongraph_command(*command, *(["--format", form] if form else [])),
        capture_output=True,
        check=True,
        timeout=60,
    )
    assert run.stdout.decode().startswith(starts)


@pytest.mark.parametrize(
    ("query", "options", "says"),
    [
        ("SELECT * {\n ?s ?p }", [], "query:2:"),
        ("SELECT * { <http://a b/> ?p ?o }", [], "query:1:25: not a valid IRI"),
        ("SELECT * { SERVICE <http://localhost/> { ?s ?p ?o } }", [], "SERVICE is not available here"),
        ("INSERT DATA { <urn:a> <urn:b> 1 }", [], "not a SPARQL 1.1 query"),
        ("ASK {}", ["--format", "csv"], "csv cannot carry the answer"),
        ("SELECT * {}", ["--format", "ttl"], "ttl cannot carry the answer"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", ["--format", "csv"], "csv cannot carry triples"),
    ],
)
def test_a_query_that_is_not_answered_exits_with_2(
    beer_build: Build, query: str, options: list[str], says: str
) -> None:
    assert says in one_line(missiongraph("query", "--build", beer_build.folder, *options, query), 2)


def test_a_query_file_that_cannot_be_read_is_named(beer_build: Build, tmp_path: Path) -> None:
    def query(file: Path) -> str:
        return one_line(missiongraph("query", "--build", beer_build.folder, "--file", file), 2)

    assert "nowhere.rq: No such file" in query(tmp_path / "nowhere.rq")
    (tmp_path / "bytes.rq").write_bytes(b"ASK {} # \xff")
    assert "the query is not UTF-8" in query(tmp_path / "bytes.rq")
    (tmp_path / "faulty.rq").write_text("\nSELEKT")
    assert "faulty.rq:2:" in query(tmp_path / "faulty.rq")


def test_the_current_folder_is_the_publication_where_it_is_one(
    make_publication: PublicationMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(make_publication({"data/a.ttl": EX + "ex:a ex:b 1, 2 ."}))
    assert missiongraph("query", COUNT).stdout.split() == ["n", "2"]


def test_a_build_is_found_by_the_folder_it_was_written_to(beer_build: Build) -> None:
    assert missiongraph("query", "--build", beer_build.folder.parent, COUNT).stdout.split() == ["n", "34"]


@pytest.mark.parametrize("command", [["query", "ASK {}"], ["serve"]], ids=["query", "serve"])
def test_a_missing_or_damaged_build_is_told(tmp_path: Path, command: list[str]) -> None:
    port = ["--port", str(free_port())] if command == ["serve"] else []
    assert "there is no build in" in one_line(missiongraph(*command, *port, "--build", tmp_path), 2)
    (tmp_path / "build.json").write_text("{")
    assert "is damaged" in one_line(missiongraph(*command, *port, "--build", tmp_path), 2)


def test_a_port_in_use_is_told_before_anything_is_built(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        run = missiongraph("serve", "--port", port, "--publication", tmp_path, XDG_CACHE_HOME=str(tmp_path / "cache"))
    line = one_line(run, 2)
    assert f"cannot listen on 127.0.0.1:{port}: Address already in use" in line and "--port" in line
    assert not (tmp_path / "cache").exists()


def test_an_unknown_host_is_told() -> None:
    assert "cannot listen on no.such.host.invalid" in one_line(
        missiongraph("serve", "--host", "no.such.host.invalid"), 2
    )


def test_a_reader_that_has_seen_enough_is_no_error(beer_build: Build) -> None:
    command = missiongraph_command(
        "query", "--build", str(beer_build.folder), "SELECT * { ?s ?p ?o . ?t ?q ?r . ?u ?v ?w }"
    )
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == ""
    assert process.returncode == 0
