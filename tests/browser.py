"""A headless Chromium, driven over its debugging pipe: what a reader's browser makes of a page."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

#: Names under which systems install it.
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

_OPTIONS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run")

#: Becomes the browser, which wants its ends of the pipes as descriptors 3 and 4.
_WITH_PIPES = """
import os, sys
high = [os.dup2(int(end), 100 + place) for place, end in enumerate(sys.argv[1:3])]
for place, end in enumerate(high):
    os.dup2(end, 3 + place)
os.execv(sys.argv[3], sys.argv[3:])
"""


class Browser:
    """One tab of a browser. The protocol is that of Chrome's developer tools: JSON, each message ended by a zero."""

    def __init__(self, requests: int, answers: int) -> None:
        """:param requests: file descriptor that the browser reads, as *answers* is the one that it writes"""
        self._requests = os.fdopen(requests, "wb")
        self._answers = os.fdopen(answers, "rb")
        self._number = 0
        self.complaints: list[str] = []
        target = self._call("Target.createTarget", {"url": "about:blank"})["targetId"]
        self._session = self._call("Target.attachToTarget", {"targetId": target, "flatten": True})["sessionId"]
        for domain in ("Page", "Runtime", "Log"):
            self._call(f"{domain}.enable", {}, self._session)

    def close(self) -> None:
        """Close the pipes, which ends the browser."""
        for pipe in (self._requests, self._answers):
            with contextlib.suppress(OSError):
                pipe.close()

    def open(self, address: str) -> None:
        """Begin to load *address*."""
        self.complaints.clear()
        self._call("Page.navigate", {"url": address}, self._session)

    def value(self, expression: str) -> Any:
        """The value of a JavaScript *expression* in the page."""
        found = self._call("Runtime.evaluate", {"expression": expression, "returnByValue": True}, self._session)
        return found["result"].get("value")

    def wait_for(self, expression: str, *, seconds: float = 60) -> Any:
        """The value of *expression* as soon as it is true."""
        end = time.monotonic() + seconds
        while not (found := self.value(expression)):
            assert time.monotonic() < end, f"{expression} is still false: {self.complaints}"
            time.sleep(0.05)
        return found

    def _call(self, method: str, parameters: dict[str, Any], session: str | None = None) -> Any:
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if session is not None:
            message["sessionId"] = session
        self._requests.write(json.dumps(message).encode() + b"\0")
        self._requests.flush()
        while (answer := self._read()).get("id") != self._number:
            self._note(answer)
        assert "error" not in answer, answer
        return answer["result"]

    def _read(self) -> dict[str, Any]:
        text = bytearray()
        while (byte := self._answers.read(1)) != b"\0":
            assert byte, "the browser has ended"
            text += byte
        return dict(json.loads(text))

    def _note(self, event: dict[str, Any]) -> None:
        if event.get("method") == "Log.entryAdded":
            self.complaints.append(event["params"]["entry"]["text"])
        elif event.get("method") == "Runtime.exceptionThrown":
            self.complaints.append(str(event["params"]["exceptionDetails"].get("exception")))


@contextlib.contextmanager
def browsing(profile: Path) -> Iterator[Browser]:
    """A browser with the folder *profile* of its own; the test is skipped where there is none."""
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        pytest.skip("there is no Chromium")
    reads, requests = os.pipe()
    answers, writes = os.pipe()
    options = [*_OPTIONS, "--remote-debugging-pipe", f"--user-data-dir={profile}"]
    command = [sys.executable, "-c", _WITH_PIPES, str(reads), str(writes), program, *options]
    process = subprocess.Popen(command, pass_fds=(reads, writes), stderr=subprocess.DEVNULL)
    os.close(reads)
    os.close(writes)
    try:
        with contextlib.closing(Browser(requests, answers)) as browser:
            yield browser
    finally:
        process.terminate()
        process.wait()
