"""Real servers of files, each started with the rules that an export brings."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.conftest import free_port

_APACHE_MODULES = ("mpm_event", "authz_core", "dir", "headers", "mime", "negotiation", "rewrite")


def _program(*names: str) -> str:
    path = os.environ.get("PATH", "") + ":/usr/sbin"
    found = next(filter(None, (shutil.which(name, path=path) for name in names)), None)
    return found or pytest.skip(f"there is no {names[0]}")


@contextmanager
def _running(command: Sequence[str | Path], port: int) -> Iterator[httpx.Client]:
    with (
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client,
    ):
        try:
            for _ in range(200):
                if process.poll() is not None:
                    raise RuntimeError(f"the server ended: {process.stdout.read() if process.stdout else ''}")
                try:
                    client.get("/")
                    break
                except httpx.TransportError:
                    time.sleep(0.05)
            yield client
        finally:
            process.terminate()


@contextmanager
def apache(root: Path, scratch: Path, at: str = "/") -> Iterator[httpx.Client]:
    """Apache, which reads the export's ``.htaccess``; *at* is the path that *root* has on it."""
    program = _program("apache2", "httpd")
    modules = next((f for f in ("/usr/lib/apache2/modules", "/usr/lib64/httpd/modules") if Path(f).is_dir()), "")
    port = free_port()
    user = ["User www-data", "Group www-data"] if os.geteuid() == 0 else []
    (scratch / "empty").mkdir()
    document_root = root if at == "/" else scratch / "empty"
    configuration = [
        f"ServerRoot {scratch}",
        f"PidFile {scratch}/pid",
        f"Listen 127.0.0.1:{port}",
        "ServerName localhost",
        f"ErrorLog {scratch}/errors",
        *(f"LoadModule {name}_module {modules}/mod_{name}.so" for name in (*_APACHE_MODULES, "alias")),
        *user,
        "TypesConfig /dev/null",
        f"DocumentRoot {document_root}",
        *([f"Alias {at} {root}/"] if at != "/" else []),
        f"<Directory {root}>\nAllowOverride All\nOptions FollowSymLinks\nRequire all granted\n</Directory>",
    ]
    (scratch / "apache.conf").write_text("\n".join(configuration) + "\n")
    with _running([program, "-f", scratch / "apache.conf", "-DFOREGROUND"], port) as client:
        yield client


@contextmanager
def nginx(root: Path, scratch: Path) -> Iterator[httpx.Client]:
    """nginx, which includes the export's ``nginx.conf`` with its own port and root."""
    program = _program("nginx")
    port = free_port()
    rules = (root / "nginx.conf").read_text()
    rules = rules.replace("listen 80;", f"listen 127.0.0.1:{port};").replace("root /srv/www;", f"root {root};")
    (scratch / "rules.conf").write_text(rules)
    user = "user root;" if os.geteuid() == 0 else ""
    paths = " ".join(
        f"{name}_temp_path {scratch}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    configuration = f"""{user} daemon off; worker_processes 1; pid {scratch}/pid; error_log {scratch}/errors;
        events {{ }} http {{ access_log off; {paths} include {scratch}/rules.conf; }}"""
    (scratch / "nginx.conf").write_text(configuration)
    with _running([program, "-e", f"{scratch}/errors", "-c", scratch / "nginx.conf"], port) as client:
        yield client


@contextmanager
def plain(root: Path) -> Iterator[httpx.Client]:
    """The server of Python's library, which knows files and nothing else."""
    port = free_port()
    command = [sys.executable, "-m", "http.server", "--bind", "127.0.0.1", "--directory", str(root), str(port)]
    with _running(command, port) as client:
        yield client
