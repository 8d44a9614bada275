"""Old spellings of settings and experiments, which work for one version more and are warned of."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Final

from stancelab.cli.own_configs import OwnConfigs, config_file

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Old setting -> the new one.
SETTINGS: Final = {
    "evaluation.probes": "evaluation.perturbations",
    "evaluation.bootstrap_draws": "evaluation.bootstrap_resamples",
}
#: Setting -> old value -> the new one.
VALUES: Final = {"evaluation.perturbations": {"negated": "negation_flip"}}
#: Old experiment -> the words that compose it now.
EXPERIMENTS: Final = {
    "newsmtsc_minilm": ("experiment=newsmtsc",),
    "newsmtsc_mpnet": ("experiment=newsmtsc", "model=mpnet"),
    "mpqa_minilm": ("experiment=mpqa",),
    "mpqa_minilm_no_source": ("experiment=mpqa_no_source",),
    "semeval2016_minilm": ("experiment=semeval2016",),
    "joint_minilm": ("experiment=joint",),
    "joint_mpnet": ("experiment=joint", "model=mpnet"),
    "transfer_minilm": ("experiment=transfer",),
    "transfer_mpnet": ("experiment=transfer", "model=mpnet"),
}


def renamed(words: Sequence[str], own: OwnConfigs | None) -> list[str]:
    """Return the words of a command line in today's spelling, and warn on stderr of each that has another now.

    Args:
        words: The words after the command.
        own: The user's own configs; an experiment there keeps its name.
    """
    chosen = {word.partition("=")[0] for word in words}
    today: list[str] = []
    for word in words:
        new = _experiment(word, own) or (_setting(word),)
        # What the command line sets itself comes before what an old experiment's name implies.
        kept = [each for each in new if each == word or each.partition("=")[0] not in chosen - {"experiment"}]
        new = tuple(kept) if new[0].startswith("experiment=") else new
        if new != (word,):
            sys.stderr.write(f"stancelab: warning: {word!r} is spelled {' '.join(new)} now; the old spelling will go\n")
        today += new
    return today


def _experiment(word: str, own: OwnConfigs | None) -> tuple[str, ...] | None:
    key, _, name = word.partition("=")
    if key != "experiment" or name not in EXPERIMENTS or config_file("experiment", name, own) is not None:
        return None
    return EXPERIMENTS[name]


def _setting(word: str) -> str:
    key, equals, value = word.partition("=")
    sign = key[: len(key) - len(key.lstrip("+~"))]
    name = SETTINGS.get(key.removeprefix(sign), key.removeprefix(sign))
    for old, new in VALUES.get(name, {}).items():
        value = re.sub(rf"\b{old}\b", new, value)
    return f"{sign}{name}{equals}{value}"
