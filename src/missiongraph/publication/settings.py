"""Reads ``missiongraph.toml`` into typed settings; messages have lines, and suggest the nearest key for an unknown one.

docs/publication.md says what each key means.
"""

from __future__ import annotations

import datetime
import re
import tomllib
from difflib import get_close_matches
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pyoxigraph import NamedNode

from missiongraph.errors import Place, Problem, SettingsError, reason_of
from missiongraph.rdf.format_limits import NO_XML

FILE_NAME = "missiongraph.toml"

#: The placeholder of the code in the IRI template of a register.
CODE = "{code}"

#: The key, in a :data:`LocalText`, of a text without a language.
NO_LANGUAGE = ""


def _local_text(value: object) -> object:
    return {NO_LANGUAGE: value} if isinstance(value, str) else value


def _local_words(value: object) -> object:
    return {NO_LANGUAGE: value} if isinstance(value, list) else value


def _one_or_more(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _iri(value: str) -> str:
    try:
        NamedNode(value)
    except ValueError as error:
        raise ValueError(f"“{value}” is not an absolute IRI: {error}") from None
    return value


def checked_base(value: str) -> str:
    """Returns *value* if it can be the base of a publication: an http(s) IRI that ends in a slash or a number sign.

    :raises ValueError: it cannot; the message says why
    """
    if not re.match(r"https?://[^/?#]+/", value) or not value.endswith(("/", "#")):
        raise ValueError(f"“{value}” must be an http(s) IRI that ends in a slash")
    return _iri(value)


def checked_language(value: str) -> str:
    """Returns *value* if it has the form of a language tag (BCP 47), or is empty.

    :raises ValueError: it has not
    """
    if value != NO_LANGUAGE and not re.fullmatch(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*", value):
        raise ValueError(f"“{value}” is not a language tag")
    return value


def _email(value: str) -> str:
    _iri(f"mailto:{value}")
    return value


def checked_text(value: str) -> str:
    """Returns *value* if pages and feeds can show it: it holds no control character that XML 1.0 forbids.

    :raises ValueError: it holds one
    """
    found = NO_XML.search(value)
    if found:
        raise ValueError(f"it holds U+{ord(found[0]):04X}, which neither pages nor feeds can show")
    return value


def _network(value: str) -> str:
    try:
        return str(ip_network(value))
    except ValueError:
        raise ValueError(f"“{value}” is no address and no network, such as 192.0.2.0/24") from None


#: Networks that are one's own: of the machine (RFC 1122, RFC 4291), and private ones (RFC 1918, RFC 3927, RFC 4193).
OWN_NETWORKS = (
    *("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16"),
    *("::1/128", "fc00::/7", "fe80::/10"),
)

Network = Annotated[str, AfterValidator(_network)]
Text = Annotated[str, AfterValidator(checked_text)]
Language = Annotated[str, AfterValidator(checked_language)]
#: Texts by language tag. A plain string in the file becomes the text under :data:`NO_LANGUAGE`.
LocalText = Annotated[dict[Language, Text], BeforeValidator(_local_text)]
Iri = Annotated[str, AfterValidator(_iri)]


def _hyphenated(name: str) -> str:
    return name.replace("_", "-")


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, alias_generator=_hyphenated)


class Agent(_Table):
    """A publisher, rights holder or contact. A plain string in the file is its name."""

    name: LocalText
    iri: Iri | None = None
    identifier: str | None = None
    homepage: Iri | None = None
    email: Annotated[str, AfterValidator(_email)] | None = None
    type: Iri | None = None


def _agent(value: object) -> object:
    return {"name": value} if isinstance(value, str) else value


AgentSetting = Annotated[Agent, BeforeValidator(_agent)]


class Temporal(_Table):
    """The period that the publication covers (``dct:temporal``); either end may be open."""

    start: datetime.date | None = None
    end: datetime.date | None = None


class Home(_Table):
    """The texts of the home page, and the classes that it lists; asterisks may mark a phrase of *headline*."""

    headline: LocalText = Field(default_factory=dict)
    lead: LocalText = Field(default_factory=dict)
    classes: tuple[Iri, ...] = ()


def _template(value: str) -> str:
    if value.count(CODE) != 1:
        raise ValueError(f"“{value}” must have {CODE} once, in the place of the code")
    _iri(value.replace(CODE, "x"))
    return value


class Register(_Table):
    """A register: somebody else's list that identifies things of this publication by codes.

    :ivar iri: a template of the register's IRIs, with ``{code}`` in the place of the code
    :ivar name: the name of the register; by default its key in the settings
    :ivar relation: how an entry of the register relates to the thing that links to it, in words
    :ivar about: *relation* holds for things of this class only; without it, for things of every class
    :ivar property: *relation* holds for links by this property only; without it, for links by every property
    """

    name: str = ""
    iri: Annotated[str, AfterValidator(_template)]
    relation: LocalText = Field(default_factory=dict)
    about: Iri | None = None
    property: Iri | None = None


class EvidenceSettings(_Table):
    """Settings of the evidence commands.

    :ivar source: the source that they take if the command line names none
    :ivar stale_days: for how many days a check of a source counts as recent
    """

    source: Iri | None = None
    stale_days: int = Field(default=180, ge=0, le=36500)


class Limits(_Table):
    """Limits of the SPARQL service and of a build.

    :ivar seconds: of a query: processor time of its evaluator
    :ivar total_seconds: of a query: time on the clock until its answer is complete
    :ivar memory_megabytes: of a query: memory on top of that of the graph
    :ivar result_megabytes: of a query: size of its answer
    :ivar stall_seconds: of a query: how long the client may accept no data
    :ivar evaluators: of the service: number of evaluators; 0 means two more than there are processors
    :ivar queue: of the service: number of queries that may wait for an evaluator
    :ivar queue_seconds: of the service: how long a query may wait for an evaluator
    :ivar processor_seconds_per_minute: of a network: processor time for its answers; 0 means any
    :ivar ipv4_prefix: bits of an address that make a network
    :ivar ipv6_prefix: likewise
    :ivar proxies: the proxies before the server by address or network, whose word on the client is taken; or their
        number, if nobody can reach the server but through them
    :ivar proxy_header: the header in which they say who called them
    :ivar without_budget: networks that have no budget; by default the machine itself and private networks
    :ivar statements_in_memory: number of statements (default graph and named graphs) up to which evaluators hold the
        store in memory; above it they read it from disk
    :ivar canonicalisation_seconds: of a build: time on the clock for the labels of blank nodes (RDFC-1.0)
    :ivar merge_triples: of a query: number of triples in the graphs of its dataset, if several are merged into one
    """

    seconds: float = Field(default=60, gt=0)
    total_seconds: float = Field(default=120, gt=0)
    memory_megabytes: int = Field(default=1024, gt=0)
    result_megabytes: int = Field(default=1024, gt=0)
    stall_seconds: float = Field(default=60, gt=0)
    evaluators: int = Field(default=0, ge=0)
    queue: int = Field(default=256, ge=0)
    queue_seconds: float = Field(default=10, gt=0)
    processor_seconds_per_minute: float = Field(default=60, ge=0)
    ipv4_prefix: int = Field(default=24, ge=8, le=32)
    ipv6_prefix: int = Field(default=48, ge=16, le=128)
    proxies: Annotated[int, Field(ge=0)] | tuple[Network, ...] = 0
    proxy_header: Literal["X-Forwarded-For", "Forwarded"] = "X-Forwarded-For"
    without_budget: tuple[Network, ...] = OWN_NETWORKS
    statements_in_memory: int = Field(default=1_000_000, ge=0)

    canonicalisation_seconds: float = Field(default=60, gt=0)
    merge_triples: int = Field(default=2_000_000, gt=0)


def _endpoint(value: str) -> str:
    if not value.startswith(("http://", "https://")):
        raise ValueError(f"“{value}” is not an address of http or https")
    return value


class ServiceSettings(_Table):
    """The SPARQL endpoints of others that a query may ask by ``SERVICE``."""

    allow: tuple[Annotated[Iri, AfterValidator(_endpoint)], ...] = ()


def _host_name(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\]", value):
        raise ValueError("is not the name of a host, such as data.example.org, without a port")
    return value.lower()


class ServerSettings(_Table):
    """The HTTP server.

    :ivar hosts: names under which it may be asked, beside that of ``public-url``, loopback and private addresses
    """

    hosts: tuple[Annotated[str, AfterValidator(_host_name)], ...] = ()


class BuildSettings(_Table):
    """The folder that builds are written to.

    :ivar keep: how many builds of this publication it keeps, the newest first; 0 means all
    """

    keep: int = Field(default=3, ge=0)


class EngineSettings(_Table):
    """The engine that answers queries."""

    kind: Literal["embedded"] = "embedded"


class Settings(_Table):
    """All keys of ``missiongraph.toml``; only *title* and *base* are required."""

    title: LocalText
    base: Annotated[str, AfterValidator(checked_base)]
    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")] = ""
    description: LocalText = Field(default_factory=dict)
    languages: tuple[Language, ...] = ()
    public_url: Annotated[str, AfterValidator(checked_base)] | None = None
    version: str | None = None
    modified: datetime.date | None = None
    licence: Iri | None = None
    publisher: AgentSetting | None = None
    rights_holder: AgentSetting | None = None
    contact: AgentSetting | None = None
    themes: tuple[Iri, ...] = ()
    subjects: tuple[Iri, ...] = ()
    keywords: Annotated[dict[Language, tuple[Text, ...]], BeforeValidator(_local_words)] = Field(default_factory=dict)
    frequency: Iri | None = None
    spatial: Annotated[tuple[Iri, ...], BeforeValidator(_one_or_more)] = ()
    temporal: Temporal | None = None
    home: Home = Home()
    plurals: dict[Iri, LocalText] = Field(default_factory=dict)
    registers: dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")], Register] = Field(default_factory=dict)
    evidence: EvidenceSettings = EvidenceSettings()
    limits: Limits = Limits()
    build: BuildSettings = BuildSettings()
    server: ServerSettings = ServerSettings()
    service: ServiceSettings = ServiceSettings()
    engine: EngineSettings = EngineSettings()

    @property
    def stem(self) -> str:
        """The stem of the names of dump files: *name*, else one made from the title."""
        return self.name or _slug(pick(self.title, self.languages)) or "dataset"


def pick(text: dict[str, str], languages: tuple[str, ...] | list[str]) -> str:
    """The text in the first of *languages* that *text* has.

    If it has none of them: the text without a language, else the English one, else any, else ``""``.

    >>> pick({"en": "City", "it": "Città"}, ("it", "en")), pick({"fr": "Ville"}, ("it",)), pick({}, ("it",))
    ('Città', 'Ville', '')
    """
    for language in (*languages, NO_LANGUAGE, "en"):
        if language in text:
            return text[language]
    return next(iter(text.values()), "")


def read_settings(file: Path) -> Settings:
    """Reads the settings of a publication from *file*.

    :raises SettingsError: the file is missing, is not UTF-8 or not TOML, or has unknown keys or values of the wrong
        form; it lists all problems, with their lines
    """
    try:
        text = file.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise SettingsError(Problem(f"is not UTF-8: {error.reason}", Place(file.name))) from None
    except OSError as error:
        raise SettingsError(
            Problem(
                f"cannot read {file}: {reason_of(error)}",
                advice=f"a publication is a folder with {FILE_NAME} and data/; name it with --publication DIR",
            )
        ) from None
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line, column = _place_of_toml_error(str(error))
        raise SettingsError(Problem(f"is not TOML: {error}", Place(file.name, line, column))) from None
    try:
        return Settings.model_validate(table)
    except ValidationError as error:
        raise SettingsError(*(_problem(detail, file.name, text) for detail in error.errors())) from None


def _place_of_toml_error(message: str) -> tuple[int | None, int | None]:
    found = re.search(r"at line (\d+), column (\d+)", message)
    return (int(found[1]), int(found[2])) if found else (None, None)


def _problem(detail: Any, file: str, text: str) -> Problem:
    path = [str(part) for part in detail["loc"]]
    place = Place(file, *_place_of_key(text, path))
    key = ".".join(path)
    if detail["type"] == "extra_forbidden":
        known = _known_keys(path[:-1])
        nearest = get_close_matches(path[-1], known, n=1, cutoff=0.0)
        return Problem(f"unknown key “{key}”", place, f"the nearest known one is “{nearest[0]}”" if nearest else None)
    if detail["type"] == "missing":
        return Problem(f"the required key “{key}” is missing", Place(file))
    return Problem(f"“{key}”: {detail['msg'].removeprefix('Value error, ')}", place)


def _known_keys(path: list[str]) -> list[str]:
    table: type[BaseModel] = Settings
    for part in path:
        field = next((f for name, f in table.model_fields.items() if _hyphenated(name) == part), None)
        annotation = str(field.annotation) if field else ""
        table = next((t for t in _Table.__subclasses__() if t.__name__ in annotation), table)
    return [_hyphenated(name) for name in table.model_fields]


def _place_of_key(text: str, path: list[str]) -> tuple[int | None, int | None]:
    """Line and column of the last key of *path*, or of the last one of its tables that *text* shows."""
    line, place = 0, None
    for part in path:
        key = rf"\"?({re.escape(part)})\"?"
        spellings = (rf"^[ \t]*\[?(?:[\w-]+\.)*{key}[ \t]*[=\].]", rf"[{{,][ \t]*{key}[ \t]*=")
        starts = [f.start(1) for s in spellings if (f := re.compile(s, re.MULTILINE).search(text, line))]
        if starts:
            place = min(starts)
            line = text.rfind("\n", 0, place) + 1
    return (None, None) if place is None else (text.count("\n", 0, place) + 1, place - line + 1)


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
