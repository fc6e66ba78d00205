"""Reads the shapes as an application profile: which properties a class has, their names, groups and order.

``sh:name``, ``sh:description``, ``sh:order`` and ``sh:group`` are SHACL's non-validating characteristics
(SHACL, section 2.3.2). Pages, tables and services take them from this module only. Values of a property with
``dash:KeyInfoRole`` (DASH Property Roles) are shown beside the name of a thing wherever it is named.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from pyoxigraph import Literal, NamedNode, Triple

from missiongraph.engine.protocol import Engine, Term, rows
from missiongraph.vocab import DASH, MG, OWL, RDF, RDFS, SH

_LAST = 1_000_000.0
_Properties = Mapping[Term, Mapping[NamedNode, Sequence[Term]]]


@dataclass(frozen=True)
class Section:
    """A section of a page: the facts of one ``sh:PropertyGroup``, with its titles by language."""

    iri: str
    titles: dict[str, str] = field(default_factory=dict)
    order: float = _LAST


Step = tuple[NamedNode, bool]
"""A property, and whether it is followed from its value to its subject."""


@dataclass(frozen=True)
class PropertyProfile:
    """What the shapes of a class say of one property.

    :ivar inverse: whether the property leads to the thing (``sh:inversePath``)
    :ivar names: ``sh:name`` by language
    :ivar descriptions: ``sh:description`` by language
    :ivar partial: whether the shape is about some of the values only (``sh:qualifiedValueShape``)
    :ivar expected: whether the page says so if no source gives a value (``mg:expected``)
    :ivar key_info: whether its values are shown beside the name of the thing (``dash:KeyInfoRole``)
    :ivar before: the steps of a sequence path (SHACL, section 2.3.1.2) before the last one, in order
    """

    path: NamedNode
    inverse: bool = False
    names: dict[str, str] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    section: Section | None = None
    order: float = _LAST
    partial: bool = False
    expected: bool = False
    key_info: bool = False
    before: tuple[Step, ...] = ()

    def is_better_than(self, other: PropertyProfile) -> bool:
        """Whether a page should take name and section of the property from this shape rather than from *other*."""
        return (not self.partial, bool(self.names), bool(self.section)) > (
            not other.partial,
            bool(other.names),
            bool(other.section),
        )

    @property
    def key(self) -> Step:
        """The property and its direction."""
        return self.path, self.inverse

    @property
    def steps(self) -> tuple[Step, ...]:
        """All steps of the path from the thing to the values."""
        return *self.before, self.key

    @property
    def position(self) -> tuple[float, float, str]:
        """Sort key: by section, then by order within it."""
        return (self.section.order if self.section else _LAST), self.order, self.path.value


@dataclass(frozen=True)
class Profile:
    """The application profile of a publication.

    :ivar classes: the properties of each class, with those of ``sh:node``, without those of superclasses
    :ivar superclasses: all superclasses of each class
    :ivar class_names: the names of classes by language, as shapes state them
    :ivar sequences: properties at the end of sequence paths, which only pages of things show
    :ivar things: properties of single things (``sh:targetNode``), which precede those of their classes
    """

    classes: dict[NamedNode, tuple[PropertyProfile, ...]]
    superclasses: dict[NamedNode, frozenset[NamedNode]]
    class_names: dict[NamedNode, dict[str, str]] = field(default_factory=dict)
    sequences: dict[NamedNode, tuple[PropertyProfile, ...]] = field(default_factory=dict)
    things: dict[NamedNode, tuple[PropertyProfile, ...]] = field(default_factory=dict)

    def of(self, types: Iterable[NamedNode]) -> tuple[PropertyProfile, ...]:
        """The properties of a thing of all *types*, in the order of its page; one entry for each property."""
        chosen: dict[Step, PropertyProfile] = {}
        expected = set()
        for kind in self._kinds(types, self.classes):
            for profile in self.classes[kind]:
                best = chosen.get(profile.key)
                if best is None or profile.is_better_than(best):
                    chosen[profile.key] = profile
                if profile.expected:
                    expected.add(profile.key)
        best_of = (replace(profile, expected=key in expected) for key, profile in chosen.items())
        return tuple(sorted(best_of, key=lambda profile: profile.position))

    def facts_of(self, thing: NamedNode, types: Iterable[NamedNode]) -> tuple[PropertyProfile, ...]:
        """The properties that the page of *thing* shows: those of its *types*, sequence paths, and its own ones."""
        types = list(types)
        further = (profile for kind in self._kinds(types, self.sequences) for profile in self.sequences[kind])
        own = self.things.get(thing, ())
        by_path = {profile.steps: profile for profile in (*self.of(types), *further, *own)}
        return tuple(sorted(by_path.values(), key=lambda profile: profile.position))

    def _kinds(self, types: Iterable[NamedNode], among: Iterable[NamedNode]) -> list[NamedNode]:
        known = {kind for given in types for kind in (given, *self.superclasses.get(given, ()))}
        return sorted(known.intersection(among), key=str)

    @cached_property
    def key_info(self) -> dict[NamedNode, tuple[NamedNode, ...]]:
        """The properties with key information of each class, those of its superclasses included."""
        paths_of = {}
        for kind in {*self.classes, *self.superclasses}:
            profiles = (one for known in self._kinds([kind], self.classes) for one in self.classes[known])
            if paths := tuple(dict.fromkeys(p.path for p in profiles if p.key_info and not p.inverse)):
                paths_of[kind] = paths
        return paths_of

    @cached_property
    def names(self) -> dict[Step, dict[str, str]]:
        """The names of properties, by property and direction, if all classes that have names for it agree."""
        names_of: dict[Step, list[dict[str, str]]] = defaultdict(list)
        for profiles in self.classes.values():
            for profile in profiles:
                if profile.names and not profile.partial:
                    names_of[profile.key].append(profile.names)
        return {key: names[0] for key, names in names_of.items() if all(other == names[0] for other in names)}


def read_profile(shapes: Sequence[Triple], engine: Engine) -> Profile:
    """Reads the profile from *shapes*, and the class hierarchy from the dataset of *engine*."""
    shapes = list(shapes)
    graph = _by_subject(shapes)
    classes: dict[NamedNode, list[PropertyProfile]] = defaultdict(list)
    things: dict[NamedNode, list[PropertyProfile]] = defaultdict(list)
    for shape, properties in list(graph.items()):
        for target in _targets(shape, properties):
            classes[target] += _properties_of(graph, shape, frozenset())
        for thing in properties.get(SH.targetNode, ()):
            if isinstance(thing, NamedNode):
                things[thing] += _properties_of(graph, shape, frozenset())
    direct = {kind: tuple(one for one in profiles if not one.before) for kind, profiles in classes.items()}
    further = {kind: found for kind, profiles in classes.items() if (found := tuple(p for p in profiles if p.before))}
    return Profile(
        direct,
        _superclasses(engine),
        class_names(shapes),
        further,
        {thing: tuple(own) for thing, own in things.items()},
    )


def class_names(shapes: Iterable[Triple]) -> dict[NamedNode, dict[str, str]]:
    """The names of the target classes of *shapes*, by language (``sh:name``, ``rdfs:label`` of a node shape)."""
    names_of: dict[NamedNode, dict[str, str]] = {}
    for shape, properties in _by_subject(shapes).items():
        names = _texts((*properties.get(SH["name"], ()), *properties.get(RDFS.label, ())))
        for target in _targets(shape, properties) if names else ():
            names_of.setdefault(target, names)
    return names_of


def _by_subject(shapes: Iterable[Triple]) -> _Properties:
    graph: dict[Term, dict[NamedNode, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for triple in shapes:
        graph[triple.subject][triple.predicate].append(triple.object)
    return graph


def _targets(shape: Term, properties: Mapping[NamedNode, Sequence[Term]]) -> list[NamedNode]:
    targets = [target for target in properties.get(SH.targetClass, ()) if isinstance(target, NamedNode)]
    kinds = properties.get(RDF.type, ())
    if isinstance(shape, NamedNode) and SH.NodeShape in kinds and (RDFS.Class in kinds or OWL.Class in kinds):
        targets.append(shape)
    return targets


def _properties_of(graph: _Properties, shape: Term, seen: frozenset[Term]) -> list[PropertyProfile]:
    properties = graph.get(shape, {})
    profiles = [_property(graph, node) for node in properties.get(SH.property, ())]
    for parent in properties.get(SH.node, ()):
        if parent not in seen:
            profiles += _properties_of(graph, parent, seen | {shape})
    return [profile for profile in profiles if profile is not None]


def _property(graph: _Properties, node: Term) -> PropertyProfile | None:
    properties = graph.get(node, {})
    steps = [_step(graph, path) for path in _path(graph, next(iter(properties.get(SH.path, ())), None))]
    *before, last = steps if steps and all(steps) else [None]
    if last is None:
        return None  # a page shows no alternative or repeated paths
    group = next(iter(properties.get(SH.group, ())), None)
    return PropertyProfile(
        path=last[0],
        inverse=last[1],
        names=_texts(properties.get(SH["name"], ())),
        descriptions=_texts(properties.get(SH.description, ())),
        section=_section(graph, group) if isinstance(group, NamedNode) else None,
        order=_number(properties.get(SH.order, ())),
        partial=SH.qualifiedValueShape in properties,
        expected=any(getattr(flag, "value", "") in ("true", "1") for flag in properties.get(MG.expected, ())),
        key_info=DASH.KeyInfoRole in properties.get(DASH.propertyRole, ()),
        before=tuple(step for step in before if step),
    )


def _path(graph: _Properties, path: Term | None) -> Iterator[Term]:
    """The members of a sequence path, else the path itself."""
    if path is None or RDF.first not in graph.get(path, {}):
        yield from () if path is None else (path,)
        return
    seen: set[Term] = set()
    while path is not None and path not in seen and RDF.first in graph.get(path, {}):
        seen.add(path)
        yield graph[path][RDF.first][0]
        path = next(iter(graph[path].get(RDF.rest, ())), None)


def _step(graph: _Properties, path: Term) -> Step | None:
    inverse = next(iter(graph.get(path, {}).get(SH.inversePath, ())), None)
    target = inverse or path
    return (target, inverse is not None) if isinstance(target, NamedNode) else None


def _section(graph: _Properties, group: NamedNode) -> Section:
    properties = graph.get(group, {})
    return Section(group.value, _texts(properties.get(RDFS.label, ())), _number(properties.get(SH.order, ())))


def _texts(values: Iterable[Term]) -> dict[str, str]:
    return {value.language or "": value.value for value in values if isinstance(value, Literal)}


def _number(values: Iterable[Term]) -> float:
    for value in values:
        try:
            return float(getattr(value, "value", ""))
        except ValueError:
            continue
    return _LAST


def _superclasses(engine: Engine) -> dict[NamedNode, frozenset[NamedNode]]:
    superclasses: dict[NamedNode, set[NamedNode]] = defaultdict(set)
    text = (
        f"SELECT DISTINCT ?class ?super {{ ?class {RDFS.subClassOf}+ ?super FILTER(isIRI(?class) && isIRI(?super)) }}"
    )
    for row in rows(engine, text):
        kind, above = row["class"], row["super"]
        if isinstance(kind, NamedNode) and isinstance(above, NamedNode):
            superclasses[kind].add(above)
    return {kind: frozenset(above) for kind, above in superclasses.items()}
