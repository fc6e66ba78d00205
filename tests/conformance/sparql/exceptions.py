"""Tests that do not pass, each with its reason.

*engine*: pyoxigraph answers otherwise, and its own server too. *ours*: a decision of ours. *inapplicable*: the test
names optional behaviour (``mf:requires``). *proposed*: the working group has not approved the test.
"""

from __future__ import annotations

_BY_REASON: dict[str, tuple[str, ...]] = {
    "engine: the store keeps one spelling of each number, so that 1 and 01 are one term in matching, str(), sameTerm() "
    "and DISTINCT": (
        "sparql10/distinct/distinct-1",
        "sparql10/distinct/distinct-9",
        "sparql10/expr-builtin/dawg-str-1",
        "sparql10/expr-builtin/dawg-str-2",
        "sparql10/expr-builtin/sameTerm-eq",
        "sparql10/expr-builtin/sameTerm-not-eq",
        "sparql10/expr-builtin/sameTerm-simple",
        "sparql10/expr-equals/eq-graph-1",
        "sparql10/expr-equals/eq-graph-2",
        "sparql10/open-world/open-eq-01",
    ),
    "inapplicable: requires mf:NoCanonicalizationOfNumerics, and the store keeps one spelling of each number": (
        "sparql12/grouping/group01",
    ),
    "inapplicable: requires mf:XsdDateOperations; a date without time zone and one with are different to the "
    "engine, incomparable to the test": ("sparql10/open-world/date-2",),
    "engine: the variable of GRAPH is bound within its group, where the specification joins it afterwards "
    "(oxigraph/oxigraph#1450)": (
        "sparql10/graph/graph-optional",
        "sparql10/graph/graph-variable-scope",
        "sparql11/negation/graph-minus",
    ),
    "engine: the variable of GRAPH stays unbound around a subquery or VALUES (oxigraph/oxigraph#1450)": (
        "sparql11/aggregates/agg-empty-group-count-graph",
        "sparql11/bindings/graph",
    ),
    "engine: a path of length zero matches a constant only where the graph holds it": (
        "sparql11/property-path/zero_or_more_set_end",
        "sparql11/property-path/zero_or_more_set_start",
        "sparql11/property-path/zero_or_one_set_end",
        "sparql11/property-path/zero_or_one_set_start",
    ),
    "engine: BNODE with an argument gives one blank node in all solutions, not one in each": (
        "sparql11/functions/bnode01",
    ),
    "engine: GROUP_CONCAT keeps a language tag that all values share": (
        "sparql11/aggregates/agg-groupconcat-04",
        "sparql11/aggregates/agg-groupconcat-06",
    ),
    "engine: ?x<?a&&?b>?y is read as two comparisons, though the longest token is an IRI": (
        "sparql10/syntax-sparql3/syn-bad-26",
    ),
    "engine: an aggregate within an aggregate is accepted": ("sparql12/syntax/nested-aggregate-functions",),
    "engine: in a SELECT with aggregates a variable defined there cannot be used again": (
        "sparql12/grouping/select-variable-reuse",
    ),
    "ours: results are sent in the formats of SPARQL 1.1, which have no triple terms; such answers are 406": (
        "sparql12/expression/triple-on-literals",
        "sparql12/expression/triple-on-str-literals",
        "sparql12/expression/triple-on-triple-terms",
        "sparql12/expression/triple-on-undefs",
    ),
    "proposed: TRUE and False as truth values; the engine wants them in lower case": (
        "sparql10/expr-builtin/case-insensitive-booleans",
    ),
}

EXCEPTIONS: dict[str, str] = {name: reason for reason, names in _BY_REASON.items() for name in names}
