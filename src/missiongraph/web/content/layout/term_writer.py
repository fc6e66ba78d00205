"""The reader of a page: writes terms in one language, and makes links that keep it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from pyoxigraph import BlankNode, Literal, NamedNode

from missiongraph.engine.protocol import Term
from missiongraph.evidence.claim_graphs import words_of
from missiongraph.names.collation import Key, collation_key
from missiongraph.publication.settings import pick
from missiongraph.translation import translate
from missiongraph.vocab import DCTERMS, LINK_PROPERTIES, RDF, SCHEMA, XSD, local_name
from missiongraph.web.context.site import Site
from missiongraph.web.http.registry import Variant
from missiongraph.web.rendering import formatting
from missiongraph.web.rendering.view_models import KeyInformation, Link, Value

_ADDRESSES = (SCHEMA.url, SCHEMA.contentUrl, DCTERMS.source)
_SHORT = 60

#: Literals of type ``xsd:anyURI`` that become links. Relative ones do not: nothing says what they are relative to.
_LINKED_LITERAL = re.compile(r"(https?://[^/]|mailto:[^/])", re.IGNORECASE)


class Reader:
    """Writes terms in the language of one page. Labels must first be fetched with :meth:`learn`, many at once.

    :ivar key_information: the key information beside the name of a thing
    """

    def __init__(self, site: Site, variant: Variant) -> None:
        """:param variant: the page that is rendered"""
        self.site = site
        self.language = variant.language or site.languages[0]
        self.opened = variant.opened
        self.explicit = variant.explicit
        self.key_information: dict[Term, KeyInformation] = {}
        self._labels = (site.vocabulary, site.labels)  # kept here, because the site replaces the second when it is full
        self._asked: set[Term] = set(site.vocabulary.resources)
        self._words: dict[NamedNode, tuple[str, str | None]] = {}
        self._addresses: dict[NamedNode, str | None] = {}

    def learn(self, terms: Iterable[Term | None]) -> None:
        """Fetch the labels of *terms*. A passage without a label is named by its words."""
        wanted = [term for term in dict.fromkeys(terms) if isinstance(term, NamedNode) and term not in self._asked]
        if not wanted:
            return
        self._asked.update(wanted)
        labels = self._labels[-1]
        labels.add(self.site.engine, wanted)
        nameless = [t for t in wanted if "#" in t.value and not labels.of(t, self.language)]
        self._words.update(words_of(self.site.engine, nameless))

    def say(self, message: str, **variables: object) -> str:
        """*message*, an English text of the interface, in the reader's language."""
        return translate(self.language, message, **variables)

    def href(self, address: str) -> str:
        """The link to *address* below the root. It keeps ``lang`` if the request had it."""
        if not self.explicit:
            return f"/{address}"
        path, hash_sign, fragment = address.partition("#")
        joiner = "&" if "?" in path else "?"
        return f"/{path}{joiner}lang={self.language}{hash_sign}{fragment}"

    def sort_key(self, text: str) -> Key:
        """The key by which *text* is sorted among names: CLDR's order in the reader's language."""
        return collation_key(text, self.language)

    def label(self, term: Term) -> tuple[str, str | None]:
        """The name of *term*, and its language tag if it is not in the reader's language."""
        if found := self._text(term):
            text, language = found
            return text, language if language and language.split("-")[0] != self.language else None
        if isinstance(term, NamedNode) and term in self._words:
            words, spoken = self._words[term]
            return formatting.quote(words, self.language), spoken if spoken != self.language else None
        if isinstance(term, NamedNode) and term in self.site.profile.class_names:
            return pick(self.site.profile.class_names[term], (self.language,)), None
        if isinstance(term, NamedNode):
            return self.site.coreference.name_of(term.value) or self.short(term), None
        return (term.value if isinstance(term, Literal | BlankNode) else str(term)), None

    def name_of(self, term: Term) -> str:
        """The name of an IRI, or the text of a literal."""
        return self.value(term).text if isinstance(term, Literal) else self.label(term)[0]

    def _text(self, term: Term) -> tuple[str, str | None] | None:
        """The label of *term* if this reader has learned it.

        The labels are shared by all pages, but what another page has learned must not change this one.
        """
        texts = (labels.of(term, self.language) for labels in self._labels) if term in self._asked else ()
        return next(filter(None, texts), None)

    def class_name(self, kind: NamedNode) -> str:
        """The name of a class with a capital; without a label its local name in words."""
        name = self.label(kind)[0]
        return upper_first(self.say(formatting.humanise(local_name(kind))) if name == self.short(kind) else name)

    def plural(self, kind: NamedNode) -> str:
        """The name of the things of a class: the plural in the settings, else the name of the class."""
        return pick(self.site.settings.plurals.get(kind.value, {}), (self.language,)) or self.class_name(kind)

    def short(self, iri: NamedNode) -> str:
        """A short form of *iri*: a prefixed name, else its last part, else the IRI without scheme."""
        for prefix, namespace in self.site.build.prefixes.items():
            local = iri.value.removeprefix(namespace)
            if local != iri.value and local and not set(local) & set("/#?"):
                return f"{prefix}:{local}"
        document, _, fragment = iri.value.partition("#")
        if not iri.value.startswith(self.site.base):
            return re.sub(r"^https?://(www\.)?", "", iri.value.rstrip("/"))
        return formatting.humanise(fragment) if fragment else document.rstrip("/").rpartition("/")[2] or iri.value

    def address_of(self, iri: NamedNode) -> str | None:
        """The address below the root of the page about *iri*; ``None`` if this site has none."""
        if iri not in self._addresses:
            self._addresses[iri] = self.site.address_of(iri)
        return self._addresses[iri]

    def link(self, iri: NamedNode, text: str | None = None) -> Link:
        """The name of *iri* with a link to its page on this site, else to the IRI itself."""
        name, language = self.label(iri)
        address = self.address_of(iri)
        href = self.href(address) if address is not None else iri.value
        return Link(text or name, href, lang=None if text else language, title=iri.value if address is None else None)

    def value(self, term: Term, predicate: NamedNode | None = None) -> Value:
        """*term* as a value of *predicate*."""
        if isinstance(term, Literal):
            return self._literal(term, predicate)
        if not isinstance(term, NamedNode):
            return Value(str(term), kind="code")
        if term == RDF.nil:
            return Value(self.say("An empty list"))
        address = self.address_of(term)
        if address is None or predicate in LINK_PROPERTIES or predicate in _ADDRESSES:
            name, language = self.label(term)
            return Value(name, "external", term.value, lang=language)
        link = self.link(term)
        return Value(link.text, "entity", link.href, lang=link.lang, key_information=self.key_information.get(term))

    def _literal(self, literal: Literal, predicate: NamedNode | None) -> Value:
        if literal.language:
            other = literal.language if literal.language.split("-")[0] != self.language else None
            return Value(literal.value, lang=other, tag=other)
        datatype = literal.datatype.value
        if literal.datatype == XSD.anyURI and _LINKED_LITERAL.match(address := literal.value.strip()):
            return Value(address, "external", address)
        name = local_name(predicate) if predicate is not None else ""
        text = formatting.format_literal(literal.value, datatype, self.language, year=formatting.counts_years(name))
        machine = literal.value if text != literal.value else None
        return Value(text, "number" if machine and machine.strip("+-").isdigit() else "text", machine=machine)

    def values(self, terms: Sequence[Term], predicate: NamedNode) -> tuple[Value, ...]:
        """The values of a fact: short texts in all languages, equal ones merged; long ones in the reader's only."""
        tagged = [term for term in terms if isinstance(term, Literal) and term.language]
        own = [term for term in tagged if (term.language or "").split("-")[0] == self.language]
        if own and any(len(term.value) > _SHORT for term in tagged):
            terms = [term for term in terms if term not in tagged or term in own]
            tagged = own
        languages: dict[str, list[str]] = {}
        for term in sorted(tagged, key=lambda t: t not in own):
            languages.setdefault(term.value, []).append(term.language or "")
        merged = [
            Value(text, lang=tags[0] if tags[0] != self.language else None, tag=", ".join(tags))
            for text, tags in languages.items()
        ]
        rest = [self.value(term, predicate) for term in terms if term not in tagged]
        return (*merged, *sorted(rest, key=lambda value: (value.kind, self.sort_key(value.text))))

    def property_name(self, predicate: NamedNode, *, inverse: bool = False) -> str:
        """The name of *predicate* in the shapes, else its label, else its local name in words.

        :param inverse: whether the subject of the property is named, not the object
        """
        names = self.site.profile.names.get((predicate, inverse), {})
        if names:
            return upper_first(pick(names, (self.language,)))
        if found := self._text(predicate):
            return upper_first(found[0])
        return self.say(formatting.humanise(local_name(predicate)))


def upper_first(text: str) -> str:
    """*text* with a capital first letter."""
    return text[:1].upper() + text[1:]
