"""The reference pages say what the code says today."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tools.reference import FOLDER, PAGES


@pytest.mark.parametrize(("name", "page"), PAGES.items(), ids=list(PAGES))
def test_a_page_is_what_the_code_says(name: str, page: Callable[[], str]) -> None:
    assert (FOLDER / name).read_text("utf-8") == page(), "`python -m tools.reference` is due"


def test_no_other_page_is_kept() -> None:
    assert {file.name for file in FOLDER.iterdir()} == set(PAGES)
