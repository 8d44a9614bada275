"""A page's policy allows its own style and script by their hashes, and nothing that its texts bring."""

from __future__ import annotations

import base64
import hashlib

from stancelab.pages.policy import PLACE, policy_of, with_policy

PAGE = (
    f"<head>{PLACE}<style>\nb {{}}\n</style></head>"
    '<script type="application/json">1</script><script>let a = 1;</script>'
)


def hashed(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_the_hashes_are_those_of_the_own_style_and_script() -> None:
    policy = policy_of(PAGE)
    assert "default-src 'none'" in policy
    style = hashed("\nb {}\n")
    assert f"style-src {style};" in policy
    assert f"script-src {hashed('let a = 1;')};" in policy
    assert "unsafe" not in policy


def test_the_policy_comes_once_where_the_page_has_its_place() -> None:
    page = with_policy(PAGE)
    assert PLACE not in page
    assert page.index("Content-Security-Policy") < page.index("<style>")
    assert page.count("<meta") == 1


def test_a_page_without_scripts_allows_none() -> None:
    assert "script-src 'none'" in policy_of("<style>a</style>")
