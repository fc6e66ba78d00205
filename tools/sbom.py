"""The list of parts of a wheel for programs (SBOM), in the form of CycloneDX 1.6."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
import uuid
from pathlib import Path
from typing import Any

from tools.parts import ROOT, Part, parts


def sbom(wheel: Path) -> dict[str, Any]:
    """The list of *wheel*: the same for the same wheel and locks, so it has no date, and its number is made of both."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    purl = f"pkg:pypi/{project['name']}@{project['version']}"
    found = parts()
    serial = uuid.uuid5(uuid.NAMESPACE_URL, f"{purl}#{digest}#{[part.purl for part in found]}")
    direct = {re.split(r"[^A-Za-z0-9._-]", wanted)[0].lower() for wanted in project["dependencies"]}
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{serial}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": purl,
                "name": project["name"],
                "version": project["version"],
                "purl": purl,
                "licenses": [{"expression": project["license"]}],
                "hashes": [{"alg": "SHA-256", "content": digest}],
            }
        },
        "components": [_component(part) for part in found],
        "dependencies": [
            {"ref": purl, "dependsOn": [p.purl for p in found if p.name in direct or p.ecosystem == "npm"]},
        ],
    }


def _component(part: Part) -> dict[str, Any]:
    hashes = [{"alg": part.algorithm, "content": digest} for digest in part.hashes]
    licences = {"licenses": [{"expression": part.licence}]} if part.licence else {}
    named = {"name": part.name, "version": part.version, "purl": part.purl}
    return {"type": "library", "bom-ref": part.purl, **named, **licences, "hashes": hashes}


def write_sbom(wheel: Path) -> Path:
    """Write the list beside *wheel*, and give its place."""
    place = wheel.with_suffix(".cdx.json")
    place.write_text(json.dumps(sbom(wheel), indent=2) + "\n", "utf-8")
    return place
