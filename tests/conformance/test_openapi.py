"""The server keeps what its OpenAPI document says, whatever is sent: tried by schemathesis with all of its checks.

All are on unless a file of settings turns one off, as is done with ``positive_data_acceptance`` for ``UNSAID``.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

pytestmark = pytest.mark.conformance

#: What OpenAPI 3.1 cannot say, so that what it allows may be refused: which texts are queries in SPARQL, and that of
#: several parameters exactly one is given (of the fields of a form it can).
UNSAID = ("GET /sparql", "POST /sparql", "GET /reconcile", "GET /same")

#: What is too much is refused as too large (413), which schemathesis does not expect by itself.
SETTINGS = """hooks = "tests.conformance.forms"
[checks.negative_data_rejection]
expected-statuses = ["400", "404", "405", "406", "413", "415"]
""" + "".join(
    f'[[operations]]\ninclude-name = "{name}"\nchecks.positive_data_acceptance.enabled = false\n' for name in UNSAID
)


@pytest.mark.parametrize("served", ["site", "beer"])
def test_every_answer_is_one_that_is_described(
    served: str, request: pytest.FixtureRequest, pytestconfig: pytest.Config, tmp_path: Path
) -> None:
    client: httpx.Client = request.getfixturevalue(served)
    settings = tmp_path / "schemathesis.toml"
    settings.write_text(SETTINGS)
    command = [Path(sys.executable).with_name("schemathesis"), "--config-file", settings, "run"]
    options = ["--max-time", "60", "--seed", "1", "--request-timeout", "30", "--no-color"]
    run = subprocess.run(
        [*map(str, command), str(client.base_url.join("/openapi.json")), *options],
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
        cwd=pytestconfig.rootpath,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "Test cases:" in run.stdout
    tested = re.search(r"Selected: (\d+)/(\d+)\s+Tested: (\d+)", run.stdout)
    assert tested is not None and len(set(tested.groups())) == 1, run.stdout
    for trouble in ("Errors:", "Runtime Error", "Traceback"):  # of schemathesis itself
        assert trouble not in run.stdout + run.stderr, run.stdout
