"""YAML whose words are names: on, NO, 012 and 1e3 are the texts that were written; null alone is nothing."""

from __future__ import annotations

from typing import Any, ClassVar, Final

import yaml

_TAG: Final = "tag:yaml.org,2002:"


def _loader(*kept: str) -> type[yaml.SafeLoader]:
    """Return a loader that takes bare words for text, but for some tags."""

    class _Loader(yaml.SafeLoader):  # type: ignore[misc]
        yaml_implicit_resolvers: ClassVar = {
            first: [(tag, pattern) for tag, pattern in resolvers if tag.removeprefix(_TAG) in kept]
            for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
        }

    return _Loader


_TEXTS: Final = _loader("null", "merge")
_TEXTS_AND_DATES: Final = _loader("null", "merge", "timestamp")


def load_texts(text: str, *, dates: bool = False) -> Any:
    """Return what a YAML text holds: texts as they are written, None for null, and lists and mappings of them.

    Args:
        text: The text.
        dates: Whether bare dates are dates.

    Raises:
        yaml.YAMLError: It is no YAML.
    """
    return yaml.load(text, _TEXTS_AND_DATES if dates else _TEXTS)  # noqa: S506 - both are safe loaders
