"""The server keeps what its OpenAPI document says, whatever is sent: tried by schemathesis with all of its checks."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import httpx
import pytest

pytestmark = pytest.mark.conformance

#: No schema says which texts are queries in SPARQL or of the reconciliation API, so that a query of the right type may
#: well be none; nor that exactly one of several parameters is given, as ``/same`` wants it.
UNSAID = ("/sparql", "/reconcile", "/reconcile/match", "/reconcile/extend", "/same")
EXCEPTIONS = "".join(
    f'[[operations]]\ninclude-path = "{path}"\nchecks.positive_data_acceptance.enabled = false\n' for path in UNSAID
)


@pytest.mark.parametrize("served", ["site", "beer"])
def test_every_answer_is_one_that_is_described(served: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    client: httpx.Client = request.getfixturevalue(served)
    settings = tmp_path / "schemathesis.toml"
    settings.write_text(EXCEPTIONS)
    command = [Path(sys.executable).with_name("schemathesis"), "--config-file", settings, "run"]
    options = ["--max-examples", "30", "--seed", "1", "--request-timeout", "30"]
    run = subprocess.run(
        [*map(str, command), str(client.base_url.join("/openapi.json")), *options],
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
        cwd=tmp_path,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "Test cases:" in run.stdout
