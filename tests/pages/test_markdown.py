from __future__ import annotations

import pytest

from stancelab.pages.markdown import markdown_block, markdown_piece, markdown_text


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("a | b\nc", r"a \| b c"),
        ("<img src=x> & more", "&lt;img src=x&gt; &amp; more"),
        ("test_rw and _this_", r"test_rw and \_this\_"),
        ("@user see https://x.y", "&#64;user see https&#58;//x.y"),
        ("*bold* [a](b) `c` $x$ #1", r"\*bold\* \[a\](b) \`c\` \$x\$ \#1"),
    ],
)
def test_markdown_text(text: str, safe: str) -> None:
    assert markdown_text(text) == safe


def test_markdown_pieces_keep_the_spaces_between_them() -> None:
    pieces = [("He praised ", ""), ("the EU", "target"), (" and ", ""), ("Oslo", "source"), (" ", ""), (".", "")]
    assert "".join(markdown_piece(*piece) for piece in pieces) == "He praised **the EU** and *Oslo* ."


def test_a_fence_is_longer_than_any_in_the_text() -> None:
    assert markdown_block("x", "sh") == "```sh\nx\n```"
    assert markdown_block("a ```` b") == "`````\na ```` b\n`````"
