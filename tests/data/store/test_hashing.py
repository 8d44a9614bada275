"""Keys are the same in every process; chance follows key and seed alone."""

from __future__ import annotations

import numpy as np

from stancelab.data.store.hashing import key_of, mix, seeded


def test_keys_are_fixed_and_parts_do_not_run_together() -> None:
    assert key_of("a", "b") == int.from_bytes(bytes.fromhex("f84c4d669fe0d410"), "little")
    assert len({key_of("ab", "c"), key_of("a", "bc"), key_of("abc"), key_of("")}) == 4
    assert 0 < key_of("é") < 2**64


def test_mixed_values_are_those_of_splitmix64() -> None:
    # The first outputs of the reference implementation with state 0.
    states = np.array([0, 0x9E3779B97F4A7C15], dtype=np.uint64)
    assert [hex(value) for value in mix(states).tolist()] == ["0xe220a8397b1dcdaf", "0x6e789e6aa1b965f4"]


def test_chance_depends_on_value_and_seed_and_not_on_the_order() -> None:
    values = np.arange(1000, dtype=np.uint64)
    chance = seeded(values, 7)
    assert (seeded(values[::-1], 7) == chance[::-1]).all()
    assert (seeded(values, 8) != chance).all()
    assert abs((chance / 2.0**64).mean() - 0.5) < 0.03
