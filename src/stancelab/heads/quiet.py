"""Silences what transformers tells of every loading."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def without_loading_bar() -> Iterator[None]:
    """Draw no bar of weights that are loaded: a small encoder takes a second, and a log would hold the bar."""
    from transformers.utils import logging as transformers_logging

    drawn = transformers_logging.is_progress_bar_enabled()
    transformers_logging.disable_progress_bar()
    try:
        yield
    finally:
        if drawn:
            transformers_logging.enable_progress_bar()


@contextmanager
def quiet_transformers() -> Iterator[None]:
    """Silence also warnings: of what holds of every fine-tuning, and of weights that do not fit, which we check."""
    from transformers.utils import logging as transformers_logging

    before = transformers_logging.get_verbosity()
    transformers_logging.set_verbosity_error()
    try:
        with without_loading_bar():
            yield
    finally:
        transformers_logging.set_verbosity(before)
