"""What is wrong with the `config.json` of a checkpoint that somebody else may have written.

It decides how large a network transformers builds, and may name code to be run. What is checked here needs neither
PyTorch nor the weights; the sizes of the network are compared with those of its files when it is loaded.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from stancelab.json_types import shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: Keys by which transformers runs code of others, takes other files, or builds another network.
_NEVER: Final = (
    "auto_map",
    "experts_implementation",
    "kernel_config",
    "per_layer_config",
    "quantization_config",
    "transformers_weights",
    "use_kernels",
)
#: Those that transformers itself brings; others are the names of code on the hub.
_ATTENTION: Final = (
    "eager",
    "sdpa",
    "flash_attention_2",
    "flash_attention_3",
    "flash_attention_4",
    "flex_attention",
)
#: What is counted of a network: each of these has weights of its own.
_COUNTS: Final = re.compile(r"layers?$|blocks?$|depths?$|stages$")
#: Networks of more layers do not exist.
MOST_LAYERS: Final = 1024
#: Larger than any size of a network, smaller than what overflows.
MOST: Final = 2**31
#: So many are told, since a file may hold a million, and so many characters of a name.
_SHOWN: Final = 5
_WIDTH: Final = 100


def problems_of_config(config: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with the content of `config.json`, one line each.

    Args:
        config: The object.
    """
    found = [
        f"{key}: found {shown(config[key])}, which is never taken of a checkpoint" for key in _NEVER if config.get(key)
    ]
    found += [
        f"{key}: found {shown(value)}, allowed are {', '.join(map(str, _ATTENTION))}"
        for key in ("attn_implementation", "_attn_implementation")
        if (value := config.get(key)) is not None and value not in _ATTENTION
    ]
    names, number = config.get("id2label"), config.get("num_labels")
    if number is not None and isinstance(names, dict) and number != len(names):
        found.append(f"num_labels: found {shown(number)}, but id2label names {len(names)}")
    for name, value in _numbers(config):
        most = MOST_LAYERS if _COUNTS.search(name.partition("[")[0]) else MOST
        if abs(value) > most:
            found.append(f"{name[:_WIDTH]}: found {shown(value)}, allowed are {most:,} at most")
    return found[:_SHOWN]


def _numbers(content: Any) -> Iterator[tuple[str, int]]:
    """Yield the whole numbers within JSON content, each with its place."""
    rest = [("", content)]
    while rest:
        place, value = rest.pop()
        if isinstance(value, dict):
            rest += [(f"{place}.{key}" if place else str(key), each) for key, each in value.items()]
        elif isinstance(value, list):
            rest += [(f"{place}[{number}]", each) for number, each in enumerate(value)]
        elif isinstance(value, int) and not isinstance(value, bool):
            yield place, value
