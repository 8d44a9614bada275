from __future__ import annotations

from stancelab.pages.formatting import (
    count,
    counted,
    listed,
    outline,
    p_value,
    percent,
    plain_number,
    points,
    sentence_case,
    shortened,
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


def test_words() -> None:
    assert [points(0.01), points(0.012)] == ["1.0 point", "1.2 points"]
    assert [p_value(0.04987), p_value(0.00021)] == ["= 0.0499", "< 0.001"]
    assert [counted(1, "pair"), counted(1200, "row")] == ["1 pair", "1,200 rows"]
    assert [listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])] == ["a", "a and b", "a, b and c"]
    assert [shortened("abcdef", 6), shortened("abcdefg", 6)] == ["abcdef", "abcde…"]
    assert sentence_case("macro-F1") == "Macro-F1"
