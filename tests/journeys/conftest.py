"""A real browser: Debian's Chromium, driven by Playwright. Where there is none, these tests say so and pass by."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="module")  # not longer: while it lives, no other test of the process may run an event loop
def browser() -> Iterator[Browser]:
    """Headless Chromium."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip(f"no browser on this machine: none of {', '.join(NAMES)} is on the path")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield opened
        opened.close()


@dataclass
class Reader:
    """Somebody who reads the site, and what their browser complained of and asked for meanwhile."""

    page: Page
    root: str
    complaints: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.page.set_default_timeout(15_000)
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.hosts.add(urlsplit(request.url).netloc))

    def _note(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def open(self, address: str) -> Page:
        """Go to *address* of the site."""
        self.page.goto(self.root + address)
        return self.page

    def write(self, query: str) -> None:
        """Write *query* into the editor in place of what stands there."""
        self.page.locator(".cm-content").click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(query)

    def assert_content(self) -> None:
        """Nothing went wrong in the browser, and nothing came from elsewhere."""
        assert self.complaints == []
        assert self.hosts == {urlsplit(self.root).netloc}


class Readers:
    """Opens windows of the browser."""

    def __init__(self, browser: Browser, root: str) -> None:
        self._browser, self._root = browser, root
        self._windows: list[BrowserContext] = []

    def __call__(self, **options: Any) -> Reader:
        window = self._browser.new_context(**{"locale": "en-GB", **options})
        self._windows.append(window)
        return Reader(window.new_page(), self._root)

    def close(self) -> None:
        for window in self._windows:
            window.close()


@pytest.fixture
def reader(browser: Browser, site: httpx.Client) -> Iterator[Readers]:
    """Opens a window on the shipped publication; its arguments are those of a Playwright context."""
    readers = Readers(browser, str(site.base_url).rstrip("/"))
    yield readers
    readers.close()
