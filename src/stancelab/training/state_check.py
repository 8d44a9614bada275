"""Whether a state that a training has kept can be gone on from: each of its files is there and can be read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from stancelab.layout import WEIGHTS

if TYPE_CHECKING:
    from pathlib import Path

#: The Trainer writes it last.
STATE: Final = "trainer_state.json"
# Without one of these the Trainer goes on without a word, and the training is another one.
_PICKLED: Final = ("optimizer.pt", "scheduler.pt")


def damage(folder: Path) -> str | None:
    """Return what is wrong with a state, None where the training can go on from it.

    Args:
        folder: A checkpoint of the Trainer.
    """
    content = _content(folder / STATE)
    if content is None or content.get("global_step") != update_of(folder):
        return f"{STATE} is damaged"
    # Several processes keep a random state each.
    random = sorted(path.name for path in folder.glob("rng_state*.pth")) or ["rng_state.pth"]
    for name in (*_PICKLED, *random):
        wrong = _unreadable(folder / name, _load_pickled)
        if wrong is not None:
            return wrong
    wrong = _unreadable(folder / WEIGHTS, _load_weights)
    if wrong is not None:
        return wrong
    best = content.get("best_global_step")
    if not best or best == content["global_step"]:
        return None
    wrong = _unreadable(folder.parent / f"checkpoint-{best}" / WEIGHTS, _load_weights)
    return None if wrong is None else f"the best weights so far, of update {best}, cannot be read"


def is_stopped(folder: Path) -> bool:
    """Return whether the training had ended, early or not, when it kept this state."""
    control = ((_content(folder / STATE) or {}).get("stateful_callbacks") or {}).get("TrainerControl") or {}
    return bool((control.get("args") or {}).get("should_training_stop"))


def update_of(folder: Path) -> int:
    """Return after which update a state was kept."""
    return int(folder.name.rpartition("-")[2])


def _content(path: Path) -> dict[str, Any] | None:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return content if isinstance(content, dict) else None


def _unreadable(path: Path, load: Any) -> str | None:
    if not path.is_file():
        return f"{path.name} is missing"
    try:
        load(path)
    except Exception:  # noqa: BLE001 - what a damaged file raises depends on where it is damaged
        return f"{path.name} is damaged"
    return None


def _load_pickled(path: Path) -> None:
    import torch
    from transformers.trainer_pt_utils import safe_globals

    with safe_globals():
        torch.load(path, map_location="cpu", weights_only=True)


def _load_weights(path: Path) -> None:
    from safetensors import safe_open

    with safe_open(path, framework="pt") as file:
        for name in file.keys():  # noqa: SIM118 - it is no dict
            file.get_tensor(name)
