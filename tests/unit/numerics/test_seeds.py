"""A stream is found by its address, whoever asks."""

from __future__ import annotations

import itertools

import numpy as np

from tenon.numerics import generator


def test_the_address_is_the_spawn_key() -> None:
    sequence = np.random.SeedSequence(9, spawn_key=(2, 5))
    np.testing.assert_array_equal(generator(9, 2, 5).random(4), np.random.default_rng(sequence).random(4))


def test_addresses_of_different_lengths_are_different_streams() -> None:
    found = [
        generator(9, *address).random() for length in range(4) for address in itertools.product((0, 1), repeat=length)
    ]
    assert len(set(found)) == 15
