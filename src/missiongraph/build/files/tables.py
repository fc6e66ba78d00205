"""Makes tables of the main classes: a row for each thing, a column for each property, language and datatype.

Properties with several IRIs as values go to one further table of links. CSVW metadata says what the columns mean: a
processor (csv2rdf, minimal mode) makes of the tables the statements from which they were made.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from missiongraph.publication.settings import LocalText, Settings
from missiongraph.vocab import CSVW, DESCRIPTION_PROPERTIES, LABEL_PROPERTIES, RDF, SCAFFOLDING, XSD

_MOST_CLASSES = 12

#: The most characters of a file name that come from an IRI.
_MOST_CHARACTERS = 100
_SEPARATORS = ("|", ";", "¦", "␟")

#: IRIs that a URI template (RFC 6570) leaves as they are; other characters would be encoded.
_PLAIN = re.compile(r"(?:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})+")

#: Datatypes with a name in CSVW (Metadata Vocabulary, section 5.11), and a pattern of values that come back unchanged.
_BUILT_IN = {
    XSD.boolean: ("boolean", r"true|false"),
    XSD.integer: ("integer", r"0|-?[1-9]\d*"),
    XSD.nonNegativeInteger: ("nonNegativeInteger", r"0|[1-9]\d*"),
    XSD.decimal: ("decimal", r"-?\d+\.\d+"),
    XSD.date: ("date", r"\d{4}-\d\d-\d\d"),
    XSD.dateTime: ("dateTime", r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)?"),
    XSD.gYear: ("gYear", r"\d{4}"),
    XSD.gYearMonth: ("gYearMonth", r"\d{4}-\d\d"),
    XSD.duration: ("duration", r"-?P(?=.)(\d+Y)?(\d+M)?(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+S)?)?"),
    XSD.anyURI: ("anyURI", r"[!-~]+"),
}

#: Namespaces of datatypes that CSVW may not name by IRI, so that a table has only those of them that are above.
_NAMED_SPACES = (str(XSD), str(RDF))


@dataclass(frozen=True)
class Column:
    """A column: the values of one property that are IRIs, texts in one *language*, or literals of one *datatype*.

    :ivar cells: the values by subject; several of a subject only if there is a *separator*
    :ivar title: the label of the property by language
    """

    name: str
    predicate: NamedNode
    cells: dict[NamedNode, list[str]]
    language: str = ""
    datatype: NamedNode | None = None
    separator: str = ""
    title: LocalText | None = None

    @property
    def carried(self) -> bool:
        """Whether the CSVW metadata can state the datatype of the values."""
        named = self.datatype is not None and self.datatype.value.startswith(_NAMED_SPACES)
        return not named or self.datatype == XSD.string or self.built_in is not None

    @cached_property
    def built_in(self) -> str | None:
        """The name of the datatype in CSVW, if all values have the form that comes back unchanged."""
        name, pattern = _BUILT_IN.get(self.datatype, (None, "")) if self.datatype else (None, "")
        fits = all(re.fullmatch(pattern, value) for values in self.cells.values() for value in values)
        return name if fits else None

    def text(self, subject: NamedNode) -> str:
        """The text of the cell of *subject*."""
        return self.separator.join(self.cells.get(subject, ()))

    def described(self) -> dict[str, Any]:
        """The column as CSVW metadata."""
        written: dict[str, Any] = {"name": self.name, "titles": self.name, "propertyUrl": self.predicate.value}
        if self.title:
            written["dc:description"] = [{"@value": text, "@language": tag} for tag, text in self.title.items() if tag]
        if self.language:
            written["lang"] = self.language
        elif self.datatype is None:
            written["valueUrl"] = f"{{+{self.name}}}"
        elif self.datatype != XSD.string:
            written["datatype"] = self.built_in or {"base": "string", "@id": self.datatype.value}
        if self.separator:
            written["separator"] = self.separator
        return written


@dataclass(frozen=True)
class Table:
    """The table of one class (*kind*); *name* is made of the local name of the class."""

    name: str
    kind: NamedNode
    title: LocalText
    subjects: Sequence[NamedNode]
    columns: Sequence[Column]

    @property
    def header(self) -> list[str]:
        """The names of the columns, ``id`` first."""
        return ["id", *(column.name for column in self.columns)]

    @property
    def rows(self) -> list[list[str]]:
        """The cells as texts; an empty cell has no value."""
        return [[subject.value, *(column.text(subject) for column in self.columns)] for subject in self.subjects]


@dataclass(frozen=True)
class Tables:
    """The tables of a publication, and the rows of the table of links."""

    tables: Sequence[Table]
    links: Sequence[tuple[str, str, str]]

    LINK_HEADER = ("subject", "property", "object")


def tabulate(settings: Settings, triples: Sequence[Triple], names: Mapping[NamedNode, LocalText]) -> Tables:
    """Makes the tables of the main classes: those that the settings list for the home page, else the largest ones.

    :param names: names of classes by language, for classes without a label in the data
    """
    described: dict[NamedNode, list[Triple]] = defaultdict(list)
    members: dict[object, list[NamedNode]] = defaultdict(list)
    for triple in triples:
        if isinstance(triple.subject, NamedNode) and _carried(triple):
            described[triple.subject].append(triple)
            if triple.predicate == RDF.type:
                members[triple.object].append(triple.subject)
    labels = _labels(triples)
    taken: set[str] = set()
    tables: list[Table] = []
    links: dict[tuple[str, str, str], None] = {}
    for kind in _main_classes(settings, triples):
        subjects = sorted(members[kind], key=str)
        columns, more = _columns([t for s in subjects for t in described[s] if not _is_a(t, kind)], labels)
        links.update(dict.fromkeys(more))
        if subjects:
            name = file_name(re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", _local(kind)).lower(), taken)
            title = labels.get(kind) or names.get(kind) or {"": _local(kind)}
            tables.append(Table(name, kind, dict(title), subjects, columns))
    return Tables(tables, sorted(links))


def _main_classes(settings: Settings, triples: Sequence[Triple]) -> list[NamedNode]:
    counts = Counter(
        t.object
        for t in triples
        if t.predicate == RDF.type and isinstance(t.object, NamedNode) and isinstance(t.subject, NamedNode)
    )
    chosen = [kind for kind in map(NamedNode, settings.home.classes) if kind in counts]
    ranked = sorted(counts, key=lambda kind: (-counts[kind], kind.value))
    classes = chosen or [kind for kind in ranked if kind not in SCAFFOLDING][:_MOST_CLASSES]
    return [kind for kind in classes if _PLAIN.fullmatch(kind.value)]


def _is_a(triple: Triple, kind: NamedNode) -> bool:
    return triple.predicate == RDF.type and triple.object == kind


def _carried(triple: Triple) -> bool:
    """Whether a table can hold a statement so that a CSVW processor gives it back unchanged."""
    terms = [triple.subject, triple.predicate, triple.object]
    if isinstance(triple.object, Literal):
        terms[2] = triple.object.datatype
        if triple.object.value == "":  # an empty cell has no value
            return False
    return all(isinstance(term, NamedNode) and _PLAIN.fullmatch(term.value) for term in terms)


def _columns(
    triples: Iterable[Triple], labels: dict[NamedNode, LocalText]
) -> tuple[list[Column], list[tuple[str, str, str]]]:
    """The columns for *triples*, and the rows that go to the table of links."""
    cells: dict[tuple[NamedNode, str, NamedNode | None], dict[NamedNode, list[str]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for triple in sorted(triples, key=str):
        value, subject = triple.object, triple.subject
        if isinstance(subject, NamedNode) and not isinstance(value, BlankNode | Triple):
            language = value.language or "" if isinstance(value, Literal) else ""
            datatype = value.datatype if isinstance(value, Literal) and not language else None
            cells[triple.predicate, language, datatype][subject].append(value.value)
    forms = Counter(predicate for predicate, _, _ in cells)
    names = {"id", "type"}
    columns, links = [], []
    for (predicate, language, datatype), by_subject in sorted(cells.items(), key=_rank):
        several = any(len(values) > 1 for values in by_subject.values())
        of_iris = not language and datatype is None
        if of_iris and (several or predicate == RDF.type):
            links += [(s.value, predicate.value, value) for s, values in by_subject.items() for value in values]
            continue
        separator = _separator(by_subject) if several else ""
        if separator is not None:
            ending = language or (_local(datatype) if datatype and forms[predicate] > 1 else "")
            name = _free("_".join(filter(None, (_local(predicate), _word(ending)))), names)
            columns.append(Column(name, predicate, by_subject, language, datatype, separator, labels.get(predicate)))
    return [column for column in columns if column.carried], links


def _rank(item: tuple[tuple[NamedNode, str, NamedNode | None], Any]) -> tuple[int, str, str, str]:
    """Sort key of columns: labels first, then descriptions, then the other properties by IRI."""
    (predicate, language, datatype), _ = item
    first = (*LABEL_PROPERTIES, *DESCRIPTION_PROPERTIES)
    place = first.index(predicate) if predicate in first else len(first)
    return place, predicate.value, language, str(datatype)


def _separator(cells: dict[NamedNode, list[str]]) -> str | None:
    """A separator that occurs in none of the values; ``None`` if there is none."""
    texts = [text for values in cells.values() for text in values]
    return next((sign for sign in _SEPARATORS if not any(sign in text for text in texts)), None)


def _labels(triples: Iterable[Triple]) -> dict[NamedNode, LocalText]:
    labels: dict[NamedNode, LocalText] = defaultdict(dict)
    for triple in triples:
        subject, label = triple.subject, triple.object
        if triple.predicate in LABEL_PROPERTIES[:3] and isinstance(label, Literal) and isinstance(subject, NamedNode):
            labels[subject].setdefault(label.language or "", label.value)
    return labels


def _local(iri: NamedNode) -> str:
    return _word(re.split(r"[#/:]", iri.value.rstrip("#/:"))[-1])


def _word(text: str) -> str:
    """*text* as a name of a column, which must be a variable name of URI templates.

    >>> _word("label (en)")
    'label_en'
    """
    return re.sub(r"[^A-Za-z0-9]+", "_", text).strip("_")


def _free(name: str, taken: set[str]) -> str:
    name = name or "value"
    numbered = (name if n == 1 else f"{name}_{n}" for n in range(1, len(taken) + 3))
    free = next(one for one in numbered if one not in taken)
    taken.add(free)
    return free


def file_name(name: str, taken: set[str]) -> str:
    """*name*, shortened for a file, and with a number if it is in *taken*; it is added to *taken*.

    Case is ignored, since some file systems do.
    """
    name = name[:_MOST_CHARACTERS]
    return name + _free(name.casefold(), taken)[len(name.casefold()) :]


def write_csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """The table as CSV (RFC 4180) in UTF-8."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode()


def write_metadata(tables: Tables, file_of: Callable[[str], str], settings: Settings) -> bytes:
    """The CSVW metadata of all tables.

    :param file_of: returns the file name of the table with a name
    """
    title = [{"@value": text, "@language": tag} if tag else text for tag, text in settings.title.items()]
    group: dict[str, Any] = {
        "@context": str(CSVW).rstrip("#"),
        "dc:title": title,
        **({"dc:license": {"@id": settings.licence}} if settings.licence else {}),
        "tables": [_described_table(table, file_of(table.name)) for table in tables.tables],
    }
    if tables.links:
        group["tables"].append(_described_links(file_of("links")))
    return (json.dumps(group, ensure_ascii=False, indent=1) + "\n").encode()


def _described_table(table: Table, file: str) -> dict[str, Any]:
    identifier = {"name": "id", "titles": "id", "required": True, "suppressOutput": True}
    kind = {"name": "type", "virtual": True, "propertyUrl": RDF.type.value, "valueUrl": table.kind.value}
    columns = [identifier, *(column.described() for column in table.columns), kind]
    titles = [{"@value": text, "@language": tag} if tag else text for tag, text in table.title.items()]
    schema = {"aboutUrl": "{+id}", "columns": columns}
    return {"url": file, "dc:title": titles, "tableSchema": schema}


def _described_links(file: str) -> dict[str, Any]:
    columns: list[dict[str, Any]] = [
        {"name": name, "titles": name, "required": True, "suppressOutput": name != "object"}
        for name in Tables.LINK_HEADER
    ]
    columns[2] |= {"propertyUrl": "{+property}", "valueUrl": "{+object}"}
    return {"url": file, "tableSchema": {"aboutUrl": "{+subject}", "columns": columns}}
