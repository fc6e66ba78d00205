"""Why a shape applies to a node, or why none does: its targets (SHACL, section 2.1.3), and what each shape found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property

from pyoxigraph import BlankNode, Literal, NamedNode

from missiongraph.errors import MissiongraphError, Problem
from missiongraph.validation.report import Report, Result, Term
from missiongraph.validation.reporting.plain_text import as_block
from missiongraph.validation.shacl import node_of
from missiongraph.validation.term_names import TermNames
from missiongraph.vocab import OWL, RDF, RDFS, SH

_ENOUGH = 100

#: The properties by which a shape refers to others, some of them by a list.
_WITHIN = (SH.property, SH.node, SH["and"], SH["or"], SH.xone, SH["not"], SH.qualifiedValueShape)


def explain(report: Report, names: TermNames, written: str) -> str:
    """The shapes that apply to a node, with what they found, as text.

    :param written: the node: an IRI, a prefixed name, or a path under the base
    :raises MissiongraphError: no statement has the node
    """
    return "\n".join(_Explanation(report, names, _node(names, written)).lines()) + "\n"


def _node(names: TermNames, written: str) -> NamedNode:
    dataset = names.dataset
    spelled = written.strip().removeprefix("<").removesuffix(">")
    prefix, colon, local = spelled.partition(":")
    candidates = [spelled] if colon else []
    if colon and prefix in dataset.prefixes:
        candidates.insert(0, dataset.prefixes[prefix] + local)
    candidates.append(dataset.publication.settings.base + spelled.lstrip("/"))
    nodes = [NamedNode(one) for one in candidates if " " not in one and ":" in one]
    mentioned = {term for triple in dataset.default_graph for term in (triple.subject, triple.object)}
    mentioned |= {quad.subject for quad in dataset.quads}
    for node in nodes:
        if node in mentioned:
            return node
    tried = ", ".join(dict.fromkeys(candidates))
    raise MissiongraphError(
        Problem(f"the data does not name {written}", advice=f"tried {tried}; give an IRI, a prefixed name or a path")
    )


class _Explanation:
    def __init__(self, report: Report, names: TermNames, node: NamedNode) -> None:
        self.report, self.names, self.node = report, names, node
        self.shapes = names.shapes

    def lines(self) -> Iterator[str]:
        say, name = self.names.say, self.names.name_of(self.node)
        place = self.names.dataset.places.term(self.node)
        classes = ", ".join(map(self.names.name_of, self.names.values.classes(self.node)))
        what = say("of the class %(classes)s", classes=classes) if classes else say("no class is stated of it")
        yield f"{name} ({what}{f'; {place}' if place else ''})"
        targeted = {shape: list(self.targets(shape)) for shape in self.shapes}
        looking = {shape: reasons for shape, reasons in targeted.items() if reasons}
        shown: set[Result] = set()
        for shape, reasons in looking.items():
            yield f"  {self.called(shape)}"
            yield from (f"    {reason}" for reason in reasons)
            if self.is_off(shape):
                yield f"    {say('is switched off (sh:deactivated)')}"
                continue
            parts = self.parts(shape)
            found = [r for r in self.report.results if r.focus == self.node and self.source(r) in parts]
            shown.update(found)
            yield from self.found(found)
        through = list(dict.fromkeys(self.through()))
        yield from through
        rest = [r for r in self.report.results if self.node in (r.focus, r.value) and r not in shown]
        for result in rest:
            yield from (f"  {line}" for line in as_block(result, self.names).splitlines())
        if not looking and not through:
            yield from self.nobody()

    def called(self, shape: Term) -> str:
        """The name of a shape, else where it stands."""
        place = self.names.dataset.shape_places.term(shape)
        if isinstance(shape, NamedNode):
            return f"{self.names.name_of(shape)}{f' ({place})' if place else ''}"
        return self.names.say("shape at %(place)s", place=place)

    def found(self, results: list[Result]) -> Iterator[str]:
        if not results:
            yield f"    {self.names.say('found nothing to say')}"
        for result in results:
            yield from (f"    {line}" for line in as_block(result, self.names).splitlines())

    def source(self, result: Result) -> Term | None:
        return self.names.shape_term(result.source)

    def parts(self, shape: Term) -> set[Term]:
        """The shape and its property shapes at any depth, whose results count as its own."""
        found, border = {shape}, [shape]
        while border:
            for part in self.shapes.get(border.pop(), {}).get(SH.property, ()):
                if part not in found:
                    found.add(part)
                    border.append(part)
        return found

    def targets(self, shape: Term) -> Iterator[str]:
        """The targets by which *shape* applies to the node."""
        stated, say, name = self.shapes[shape], self.names.say, self.names.name_of
        if self.node in stated.get(SH.targetNode, ()):
            yield say("looks at it by name (sh:targetNode)")
        kinds = list(stated.get(SH.targetClass, ()))
        if any(kind in (RDFS.Class, OWL.Class) for kind in stated.get(RDF.type, ())) and (
            SH.NodeShape in stated.get(RDF.type, ()) or SH.property in stated
        ):
            kinds.append(shape)
        for kind in kinds:
            for own in self.classes:
                if kind in self.above(own):
                    below = "" if own == kind else say(", of which %(own)s is a subclass", own=name(own))
                    yield f"{say('looks at all of the class %(kind)s (sh:targetClass)', kind=name(kind))}{below}"
                    break
        for target in stated.get(SH.targetSubjectsOf, ()):
            if isinstance(target, NamedNode) and target.value in self.names.values.properties(node_of(self.node)):
                yield say("looks at all that has %(property)s (sh:targetSubjectsOf)", property=name(target))
        for target in stated.get(SH.targetObjectsOf, ()):
            if isinstance(target, NamedNode) and target in self.pointing:
                yield say("looks at all values of %(property)s (sh:targetObjectsOf)", property=name(target))
        for _ in stated.get(SH.target, ()):
            yield say("may look at it by a query (sh:target), which is not asked here")

    def through(self) -> Iterator[str]:
        """The shapes that apply to the node through another shape: ``sh:property``, ``sh:node`` and the like."""
        say = self.names.say
        for result in self.report.results:
            for detail in _all_details(result):
                if detail.focus == self.node and detail.focus != result.focus:
                    shape = self.source(detail)
                    focus = self.names.name_of(result.focus) if result.focus is not None else "?"
                    yield "  " + say(
                        "%(shape)s looked at it through %(other)s, for %(focus)s",
                        shape=self.called(shape) if shape is not None else detail.source,
                        other=self.names.shape(result),
                        focus=focus,
                    )
        for shape, stated in self.shapes.items():
            for path in stated.get(SH.path, ()):
                inner = [kind for kind in _WITHIN if kind in stated]
                if isinstance(path, NamedNode) and self.looks_at_any(shape, self.pointing.get(path, ())):
                    what = ", ".join(f"sh:{kind.value.rpartition('#')[2]}" for kind in inner)
                    yield "  " + say(
                        "%(shape)s looks at it as a value of %(path)s%(inner)s",
                        shape=self.called(shape),
                        path=self.names.name_of(path),
                        inner=f" ({what})" if what else "",
                    )

    def looks_at_any(self, shape: Term, subjects: Sequence[Term]) -> bool:
        """Whether *shape*, or one that contains it, applies to one of *subjects*; only the first of them are tried."""
        holders = [one for one in self.shapes if shape in self.parts(one)] if subjects else []
        for subject in subjects[:_ENOUGH]:
            if isinstance(subject, NamedNode):
                other = _Explanation(self.report, self.names, subject)
                if any(True for holder in holders for _ in other.targets(holder)):
                    return True
        return False

    def nobody(self) -> Iterator[str]:
        """Why no shape applies to the node."""
        say, name = self.names.say, self.names.name_of
        if not self.shapes:
            yield f"  {say('no shape looked at it: there are none (shapes/ is empty)')}"
            return
        wanted = sorted({name(k) for s in self.shapes.values() for k in s.get(SH.targetClass, ())})
        yield f"  {say('no shape looked at it')}"
        if wanted:
            shown = ", ".join(wanted[:20])
            own = ", ".join(map(name, self.classes)) or say("none")
            yield f"  {say('shapes look at the classes %(wanted)s; its own: %(own)s', wanted=shown, own=own)}"
        else:
            yield f"  {say('no shape has a target (sh:targetClass and the like)')}"

    def is_off(self, shape: Term) -> bool:
        return any(isinstance(t, Literal) and t.value == "true" for t in self.shapes[shape].get(SH.deactivated, ()))

    @cached_property
    def pointing(self) -> dict[NamedNode, list[Term]]:
        found: dict[NamedNode, list[Term]] = defaultdict(list)
        for triple in self.names.dataset.default_graph:
            if triple.object == self.node:
                found[triple.predicate].append(triple.subject)
        return found

    @cached_property
    def classes(self) -> list[NamedNode]:
        return self.names.values.classes(self.node)

    def above(self, kind: NamedNode) -> set[NamedNode | BlankNode]:
        """The class and its superclasses."""
        found: set[NamedNode | BlankNode] = {kind}
        border: list[NamedNode | BlankNode] = [kind]
        while border:
            below = border.pop()
            for triple in self._subclasses:
                if triple[0] == below and triple[1] not in found:
                    found.add(triple[1])
                    border.append(triple[1])
        return found

    @cached_property
    def _subclasses(self) -> list[tuple[Term, NamedNode]]:
        return [
            (t.subject, t.object)
            for t in self.names.dataset.default_graph
            if t.predicate == RDFS.subClassOf and isinstance(t.object, NamedNode)
        ]


def _all_details(result: Result) -> Iterator[Result]:
    for detail in result.details:
        yield detail
        yield from _all_details(detail)
