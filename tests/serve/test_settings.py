"""Settings that cannot be used are told before anything listens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from stancelab.errors import ConfigError
from stancelab.serve.settings import ServeSettings, is_loopback

if TYPE_CHECKING:
    from pathlib import Path

LONG = "a-token-that-is-long-enough"


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ({"host": "0.0.0.0"}, "host: '0.0.0.0' can be reached by others, who could read and ask without a token"),
        ({"host": "::"}, "host: '::' can be reached by others"),
        ({"host": "example.org"}, "host: 'example.org' can be reached by others"),
        ({"host": "0.0.0.0", "token": "short"}, "token: has 5 characters; where others can reach the server"),
        ({"token": "two words"}, "token: holds blanks or other letters than those of ASCII"),
        ({"token": LONG, "token_file": "a"}, "token_file: stands in the place of token"),
        ({"host": "a b"}, "host: found 'a b', allowed is a name or an IP address"),
        ({"hosts": ["a:80"]}, "hosts: found 'a:80', allowed is a name"),
        ({"port": 65536}, "port: found 65536, allowed are 0 (a free one) to 65535"),
        ({"labels": "labels.xlsx"}, "labels: found 'labels.xlsx', allowed is a file whose name ends in .csv"),
        ({"rows": 0}, "rows: found 0, allowed is 1 or more"),
        ({"seconds": 0}, "seconds: found 0, allowed is more than 0"),
        ({"batch_wait": -1}, "batch_wait: found -1, allowed are 0 to 1000 milliseconds"),
        ({"body_bytes": 1}, "body_bytes: found 1, allowed is 1000 or more"),
        ({"min_confidence": 2}, "min_confidence: found 2, allowed is 0 to 1"),
        ({"min_confidence": 0.5, "threshold": "accuracy_90"}, "threshold: stands in the place of min_confidence"),
        ({"backend": "x"}, "backend: found 'x'"),
    ],
)
def test_what_cannot_be_used_is_told(settings: dict[str, Any], problem: str) -> None:
    assert any(line.startswith(problem) for line in ServeSettings(**settings).problems())


@pytest.mark.parametrize(
    "settings",
    [{}, {"host": "localhost"}, {"host": "::1"}, {"host": "127.0.0.2"}, {"host": "0.0.0.0", "token": LONG},
     {"host": "0.0.0.0", "token_file": "f"}, {"token": "x"}, {"hosts": ["stances.example.org"]}],
)  # fmt: skip
def test_what_can_be_used_is_taken(settings: dict[str, Any]) -> None:
    assert ServeSettings(**settings).problems() == []


def test_the_first_line_of_a_file_is_the_token(tmp_path: Path) -> None:
    (tmp_path / "token").write_text(f"{LONG}\nmore\n")
    assert ServeSettings(token_file=str(tmp_path / "token")).read_token() == LONG
    assert ServeSettings().read_token() is None


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"short\n", "has 5 characters"), (b"\n", "or nothing"), (b"\xff\xfe\n", "is not UTF-8"), (None, "No such file")],
)
def test_a_file_without_a_token_is_told(content: bytes | None, message: str, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "token").write_bytes(content)
    with pytest.raises(ConfigError, match=f"serve.token_file: .*{message}") as told:
        ServeSettings(host="0.0.0.0", token_file=str(tmp_path / "token")).read_token()
    assert "short" not in str(told.value)


@pytest.mark.parametrize(
    ("host", "loopback"), [("127.0.0.1", True), ("::1", True), ("LOCALHOST", True), ("10.0.0.1", False), ("a", False)]
)
def test_what_others_can_reach(host: str, loopback: bool) -> None:
    assert is_loopback(host) == loopback
