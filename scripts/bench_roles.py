"""Scores the roles of names that are proposed without a codebook: which of them may be sources.

    python scripts/bench_roles.py            # the half that the rules were not chosen on
    python scripts/bench_roles.py tuning     # the half that they were chosen on

The passages of `tests/article/proposal/roles.yaml` list names by role. Those that are not proposed are counted apart,
since they have no role. The baseline lets every name be a source.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml

from stancelab.article.proposal.propose import propose
from stancelab.article.types import Document

FILE: Final = Path(__file__).resolve().parents[1] / "tests" / "article" / "proposal" / "roles.yaml"
HALVES: Final = ("tuning", "scored")
_MOST: Final = 200


@dataclass(frozen=True)
class Roles:
    """What was found of the names of some passages.

    Attributes:
        right: Names with their role.
        missed: Sources that may be none.
        wrong: Targets that may be sources.
        absent: Names that are not proposed.
        sources: How many of the names that are proposed are sources.
    """

    right: list[str]
    missed: list[str]
    wrong: list[str]
    absent: list[str]
    sources: int

    @property
    def names(self) -> int:
        """How many names are proposed."""
        return len(self.right) + len(self.missed) + len(self.wrong)


def roles_of(half: str) -> Roles:
    """Return what the rules find in one half of the file."""
    found = Roles([], [], [], [], 0)
    sources = 0
    for passage in yaml.safe_load(FILE.read_text(encoding="utf-8"))[half]:
        entries = propose([Document(id="passage", text=passage["text"])], _MOST).entries
        for name in (*passage["sources"], *passage["targets"]):
            if name not in entries:
                found.absent.append(name)
                continue
            may_be = entries[name].source
            sources += name in passage["sources"]
            if may_be == (name in passage["sources"]):
                found.right.append(name)
            else:
                (found.wrong if may_be else found.missed).append(name)
    return Roles(found.right, found.missed, found.wrong, found.absent, sources)


def main(half: str) -> None:
    """Print a table, and the names with another role."""
    found = roles_of(half)
    print(
        f"{half}: {found.names} names that are proposed, {found.sources} of them sources; {len(found.absent)} are not"
    )
    print("| system | roles that are right | sources missed | targets taken for sources |")
    print("|---|---:|---:|---:|")
    missed, wrong = len(found.missed), len(found.wrong)
    print(f"| rules | {len(found.right)} ({len(found.right) / found.names:.1%}) | {missed} | {wrong} |")
    print(f"| every name | {found.sources} ({found.sources / found.names:.1%}) | 0 | {found.names - found.sources} |")
    for title, names in (("missed", found.missed), ("wrong", found.wrong), ("not proposed", found.absent)):
        print(f"{title}: {', '.join(names) or 'none'}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Score the roles of proposed names.")
    parser.add_argument("half", nargs="?", default="scored", choices=HALVES)
    main(parser.parse_args().half)
