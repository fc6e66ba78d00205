"""One test against one endpoint."""

from __future__ import annotations

from tests.conformance.manifest import MF
from tests.conformance.sparql.cases import Case
from tests.conformance.sparql.comparison import Likeness
from tests.conformance.sparql.description import check_description
from tests.conformance.sparql.endpoint import Endpoint
from tests.conformance.sparql.evaluation import check_syntax, evaluate
from tests.conformance.sparql.protocol import check_protocol, check_refusal


def run(case: Case, endpoint: Endpoint) -> Likeness:
    """Run *case*.

    :raises AssertionError: it does not pass
    """
    if case.is_evaluation:
        return evaluate(case, endpoint)
    if case.kind == MF.ProtocolTest:
        (check_refusal if case.is_update else check_protocol)(case, endpoint)
    elif case.kind == MF.ServiceDescriptionTest:
        check_description(case, endpoint)
    else:
        return check_syntax(case, endpoint)
    return Likeness.TERM
