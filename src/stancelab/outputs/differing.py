"""The settings by which runs differ from one another."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from stancelab.errors import shorten

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: Settings that change no result, or that a name says already.
_LEFT_OUT: Final = ("name", "output_root", "training.resume", "training.save_minutes", "data.about", "demo")
#: What comes first, and what its name stands for: keys that begin so and go with it are not repeated.
_NAMES: Final = {
    "data.name": ("data.", "baselines.metric"),
    "split.kind": ("split.",),
    "model.name": ("model.", "training.learning_rate", "training.head_learning_rate"),
}
_FIRST: Final = ("data.name", "split.kind", "model.name", "model.head", "seed")


def differing_settings(settings: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return for each run the settings that are not the same in all runs that have them.

    A setting of the corpus, the split or the encoder that follows from its name is left out where the name differs.

    Args:
        settings: The settings of the runs by dotted keys.
    """
    keys = list(dict.fromkeys(key for each in settings for key in each))
    differ = [key for key in keys if key not in _LEFT_OUT and len(_values(settings, key)) > 1]
    shown = [key for key in differ if not _follows(settings, key, differ)]
    order = [key for key in _FIRST if key in shown] + [key for key in shown if key not in _FIRST]
    return [{key: each[key] for key in order if key in each} for each in settings]


def shown_settings(settings: Mapping[str, Any], most: int | None = None, letters: int | None = None) -> str:
    """Return settings as they stand on a command line, at most so many of them.

    Args:
        settings: The settings.
        most: How many; None for all.
        letters: How many letters of a value; None for all.
    """
    values = {key: shown_value(value) for key, value in settings.items()}
    words = [f"{key}={value if letters is None else shorten(value, letters)}" for key, value in values.items()]
    if most is not None and len(words) > most:
        words = [*words[:most], f"(+{len(words) - most} more)"]
    return " ".join(words)


def shown_value(value: Any) -> str:
    """Return a value as it stands on a command line."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _values(settings: Sequence[Mapping[str, Any]], key: str) -> set[str]:
    return {shown_value(each[key]) for each in settings if key in each}


def _follows(settings: Sequence[Mapping[str, Any]], key: str, differ: Sequence[str]) -> bool:
    """Tell whether a setting is the same in all runs with the same corpus, split or encoder."""
    for name, beginnings in _NAMES.items():
        if key != name and name in differ and key.startswith(beginnings):
            pairs = {(shown_value(each.get(name)), shown_value(each[key])) for each in settings if key in each}
            return len({of for of, _ in pairs}) == len(pairs)
    return False
