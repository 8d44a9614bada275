from __future__ import annotations

import pytest

from stancelab.pages.formatting import (
    count,
    markdown_block,
    markdown_piece,
    markdown_text,
    outline,
    percent,
    plain_number,
)


def test_numbers() -> None:
    assert percent(0.77449) == "77.4"
    assert [count(1234), count(7.0), count(281.333), count(0.999)] == ["1,234", "7", "281.3", "1"]
    assert [plain_number(value) for value in (1234, 0.123456, None, "x", True)] == ["1,234", "0.1235", "", "x", "True"]


def test_outline_reads_like_yaml() -> None:
    value = {
        "a": {"b": None, "c": True, "empty": {}},
        "list": [1, 0.5, "x"],
        "rows": [{"p": 1, "q": 2}],
        "text": "two\nlines",
        "odd": ["- x", "true", "1e5", "a: b", ""],
        "path": "outputs/x y.csv",
    }
    assert outline(value) == "\n".join(
        [
            "a:",
            "  b: null",
            "  c: true",
            "  empty: {}",
            "list: [1, 0.5, x]",
            "rows:",
            "  - p: 1",
            "    q: 2",
            'text: "two\\nlines"',
            'odd: ["- x", "true", "1e5", "a: b", ""]',
            "path: outputs/x y.csv",
        ]
    )


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
