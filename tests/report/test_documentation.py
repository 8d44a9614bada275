from __future__ import annotations

import re
from pathlib import Path

import pytest

from stancelab.report.documentation import DOCUMENTATION

ROOT = Path(__file__).parents[2]


PAGES = sorted((ROOT / "docs").glob("*.md"))


def anchors_of(page: Path) -> list[str]:
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return [re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings]


@pytest.mark.parametrize("reference", sorted(set(DOCUMENTATION.values())))
def test_every_reference_is_a_heading_of_the_documentation(reference: str) -> None:
    page, _, anchor = reference.partition("#")
    assert anchors_of(ROOT / page).count(anchor) == 1


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_to_a_heading_leads_to_one_heading(page: Path) -> None:
    for other, anchor in re.findall(r"\]\(([\w./]*\.md)?#([\w-]+)\)", page.read_text(encoding="utf-8")):
        assert anchors_of(page.parent / other if other else page).count(anchor) == 1, f"{other}#{anchor}"
