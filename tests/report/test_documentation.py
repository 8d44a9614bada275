from __future__ import annotations

import re
from pathlib import Path

import pytest

from stancelab.report.documentation import DOCUMENTATION

ROOT = Path(__file__).parents[2]


def anchors_of(page: Path) -> list[str]:
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return [re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings]


@pytest.mark.parametrize("reference", sorted(set(DOCUMENTATION.values())))
def test_every_reference_is_a_heading_of_the_documentation(reference: str) -> None:
    page, _, anchor = reference.partition("#")
    assert anchors_of(ROOT / page).count(anchor) == 1
