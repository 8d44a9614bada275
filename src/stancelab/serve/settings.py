"""What a person can set of the server: where it listens, who may ask, and how much may be asked."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from stancelab.errors import ConfigError
from stancelab.inference.backends import AUTO, problem_of

#: The default codebook.
DEFAULT: Final = "default"
#: A shorter token could be guessed where a network can ask.
SHORTEST_TOKEN: Final = 16
_NAME: Final = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*")
_TOKEN: Final = re.compile(r"[!-~]+")


@dataclass
class ServeSettings:
    """How the server listens, what it answers with, and its limits (group `serve`).

    Attributes:
        host: The address or name that it listens on. Other addresses than those of this machine itself (127.0.0.1, ::1,
            localhost) need a token.
        port: The port; 0 takes a free one.
        hosts: Further names by which it is asked, such as that of a proxy in front of it. Other names in a request's
            Host are refused, but for IP addresses, localhost and `host`.
        token: What a caller has to show: `Authorization: Bearer TOKEN`, or once in the page's login form; null asks for
            none. Other users of this machine see the command line: `token_file` keeps it from them.
        token_file: A file whose first line is the token.
        codebook: The codebook of articles that come without one: a YAML file, or "default"; null proposes one from each
            article.
        labels: A CSV file that takes the labels that people give on the page; null shows no buttons for labels.
        backend: What computes, as `predict.backend` says it.
        device: Such as "cpu" or "cuda"; null takes a GPU where there is one.
        threads: Threads that compute on the CPU; null takes as many as the process may use cores.
        threshold: The name of a confidence threshold of the checkpoint, such as "accuracy_90": answers below it are
            marked, and not counted in articles.
        min_confidence: The same as a number, 0 to 1; 0 marks none.
        batch_rows: Rows that are computed at once, of one request or of several.
        batch_wait: Milliseconds for which rows wait for those of other requests.
        queue: Requests with a body that are in work or wait, at most; further ones are answered with 503.
        readers: Articles that are read at the same time.
        body_bytes: Bytes of a request's body, at most.
        rows: Rows of a request, at most.
        row_characters: Characters of the text of a row, at most.
        article_characters: Characters of an article, at most.
        pairs: Pairs of a source and a target in a sentence that are asked of an article, at most.
        codebook_characters: Characters of a codebook that comes with a request, at most.
        seconds: Seconds for which a request may take, at most; 504 is the answer beyond.
        kept: Readings that the page keeps in memory, at most; the oldest go first.
    """

    host: str = "127.0.0.1"
    port: int = 8765
    hosts: list[str] = field(default_factory=list)
    token: str | None = None
    token_file: str | None = None
    codebook: str | None = None
    labels: str | None = None
    backend: str = AUTO
    device: str | None = None
    threads: int | None = None
    threshold: str | None = None
    min_confidence: float = 0.0
    batch_rows: int = 256
    batch_wait: float = 2.0
    queue: int = 128
    readers: int = 2
    body_bytes: int = 10_000_000
    rows: int = 1_000
    row_characters: int = 2_000
    article_characters: int = 200_000
    pairs: int = 5_000
    codebook_characters: int = 200_000
    seconds: float = 60.0
    kept: int = 100

    def problems(self) -> list[str]:
        """Return what is wrong with the settings, one line each."""
        found = [*self._problems_of_places(), *self._problems_of_tokens(), *self._problems_of_numbers()]
        if (problem := problem_of(self.backend)) is not None:
            found.append(f"backend: {problem}")
        if not 0 <= self.min_confidence <= 1:
            found.append(f"min_confidence: found {self.min_confidence}, allowed is 0 to 1")
        if self.threshold is not None and self.min_confidence:
            found.append("threshold: stands in the place of min_confidence; give one of the two")
        if self.labels is not None and not self.labels.lower().endswith(".csv"):
            found.append(f"labels: found {self.labels!r}, allowed is a file whose name ends in .csv")
        return found

    def _problems_of_places(self) -> list[str]:
        found = []
        if not 0 <= self.port <= 65535:
            found.append(f"port: found {self.port}, allowed are 0 (a free one) to 65535")
        for name, value in (("host", self.host), *(("hosts", each) for each in self.hosts)):
            if not is_address(value) and _NAME.fullmatch(value) is None:
                found.append(f"{name}: found {value!r}, allowed is a name or an IP address, without a port")
        return found

    def _problems_of_tokens(self) -> list[str]:
        found = []
        given = self.token is not None or self.token_file is not None
        if self.token is not None and self.token_file is not None:
            found.append("token_file: stands in the place of token; give one of the two")
        if not given and not is_loopback(self.host):
            found.append(
                f"host: {self.host!r} can be reached by others, who could read and ask without a token; give "
                f"serve.token_file=FILE with at least {SHORTEST_TOKEN} characters in its first line, or listen on "
                "127.0.0.1"
            )
        if self.token is not None and (problem := problem_of_token(self.token, self.host)):
            found.append(f"token: {problem}")
        return found

    def _problems_of_numbers(self) -> list[str]:
        least = {
            "threads": self.threads,
            "batch_rows": self.batch_rows,
            "queue": self.queue,
            "readers": self.readers,
            "rows": self.rows,
            "row_characters": self.row_characters,
            "article_characters": self.article_characters,
            "pairs": self.pairs,
            "codebook_characters": self.codebook_characters,
            "kept": self.kept,
        }
        found = [f"{name}: found {n}, allowed is 1 or more" for name, n in least.items() if n is not None and n < 1]
        if self.body_bytes < 1_000:
            found.append(f"body_bytes: found {self.body_bytes}, allowed is 1000 or more")
        if not 0 <= self.batch_wait <= 1_000:
            found.append(f"batch_wait: found {self.batch_wait}, allowed are 0 to 1000 milliseconds")
        if not 0 < self.seconds <= 86_400:
            found.append(f"seconds: found {self.seconds}, allowed is more than 0, and a day (86400) at most")
        return found

    def read_token(self) -> str | None:
        """Return the token that callers have to show, None where there is none.

        Raises:
            ConfigError: The file of the token cannot be read, or its first line is no token.
        """
        if self.token_file is None:
            return self.token
        try:
            with Path(self.token_file).open(encoding="utf-8") as file:
                token = file.readline(1_000).strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "is not UTF-8"
            raise ConfigError(f"serve.token_file: {self.token_file}: cannot be read ({reason})") from None
        if problem := problem_of_token(token, self.host):
            raise ConfigError(f"serve.token_file: {self.token_file}: the token in its first line {problem}")
        return token


def problem_of_token(token: str, host: str) -> str:
    """Return why a token cannot be used by a server on a host, "" where it can; the token is not shown."""
    if _TOKEN.fullmatch(token) is None:
        return "holds blanks or other letters than those of ASCII, or nothing; take letters, digits and signs"
    if len(token) < SHORTEST_TOKEN and not is_loopback(host):
        return (
            f"has {len(token)} characters; where others can reach the server, at least {SHORTEST_TOKEN} are needed: "
            "python -c 'import secrets; print(secrets.token_urlsafe())' makes one"
        )
    return ""


def is_address(host: str) -> bool:
    """Tell whether a host is an IP address."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def is_loopback(host: str) -> bool:
    """Tell whether a host can be reached from this machine alone."""
    return host.lower() == "localhost" or (is_address(host) and ipaddress.ip_address(host).is_loopback)
