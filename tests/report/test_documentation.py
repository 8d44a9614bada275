from __future__ import annotations

import re
from pathlib import Path

import pytest

from stancelab.report.documentation import DOCUMENTATION

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("reference", sorted(set(DOCUMENTATION.values())))
def test_every_reference_is_a_heading_of_the_documentation(reference: str) -> None:
    page, _, anchor = reference.partition("#")
    headings = re.findall(r"^#+ (.*)$", (ROOT / page).read_text(encoding="utf-8"), re.MULTILINE)
    assert anchor in [re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings]
