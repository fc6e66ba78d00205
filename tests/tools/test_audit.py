"""An audit that could not ask says so, and is not taken for one that found nothing."""

from __future__ import annotations

from typing import Any

import pytest

from tools import audit
from tools.audit import Answer, Unasked, npm_answer, python_answer

#: As pip-audit 2.10 writes it (its README, "JSON format"), with a package that the index does not know.
PIP_AUDIT: dict[str, Any] = {
    "dependencies": [
        {"name": "flask", "version": "0.5", "vulns": [{"id": "PYSEC-2019-179", "fix_versions": ["1.0"]}]},
        {"name": "click", "version": "8.5.1", "vulns": []},
        {"name": "unknown", "skip_reason": "Dependency not found on PyPI"},
    ]
}
#: As npm 10 writes it where the registry has advisories, and where it has none to give.
NPM_AUDIT: dict[str, Any] = {
    "vulnerabilities": {"esbuild": {"name": "esbuild", "severity": "moderate", "range": "<=0.24.2"}},
    "metadata": {"dependencies": {"total": 40}},
}
NPM_REFUSED: dict[str, Any] = {"message": "405 Method Not Allowed", "method": "POST"}


def test_pip_audit_is_read() -> None:
    assert python_answer(PIP_AUDIT) == Answer(["flask 0.5: PYSEC-2019-179, repaired in 1.0"], ["unknown"], 2)


def test_npm_audit_is_read() -> None:
    assert npm_answer(NPM_AUDIT) == Answer(["esbuild: moderate (<=0.24.2)"], [], 40)
    with pytest.raises(Unasked, match="405"):
        npm_answer(NPM_REFUSED)


def test_what_was_not_asked_is_said_and_a_known_weakness_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refused(folder: str) -> Answer:
        return npm_answer(NPM_REFUSED)

    monkeypatch.setattr(audit, "of_npm", refused)
    monkeypatch.setattr(audit, "of_python", lambda lock: Answer([], ["unknown"], 0))
    assert audit.audit()
    printed = capsys.readouterr().out
    assert "NOT AUDITED: requirements.lock: 1 packages: unknown" in printed
    assert "NOT AUDITED: front/: 405 Method Not Allowed" in printed
    monkeypatch.setattr(audit, "of_python", lambda lock: python_answer(PIP_AUDIT))
    assert not audit.audit()
    assert "KNOWN WEAKNESS: requirements.lock: flask 0.5" in capsys.readouterr().out


def test_a_tool_that_cannot_be_run_is_no_finding() -> None:
    with pytest.raises(Unasked):
        audit._run(["/nowhere/npm", "audit"])
    with pytest.raises(Unasked, match="no network"):
        audit._answer(["sh", "-c", "echo no network >&2; exit 1"])
