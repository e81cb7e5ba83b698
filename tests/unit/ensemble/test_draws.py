"""Draws have an address, are even where they say so, and refuse what makes no sense."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from tenon.ensemble import Draw, latin_hypercube_draws, plain_draws, sobol_draws
from tenon.schema import Float, ParameterError

KINDS: dict[str, Callable[..., tuple[Draw, ...]]] = {
    "plain": plain_draws,
    "latin hypercube": latin_hypercube_draws,
    "sobol": sobol_draws,
}


def points(draws: tuple[Draw, ...]) -> Float:
    return np.array([draw.point for draw in draws])


def test_a_draw_takes_its_numbers_from_its_address() -> None:
    sequence = np.random.SeedSequence(11, spawn_key=(4,))
    np.testing.assert_array_equal(Draw(4, 11).generator().random(5), np.random.default_rng(sequence).random(5))


@pytest.mark.parametrize("kind", KINDS)
def test_draws_are_numbered_and_lie_inside_the_unit_cube(kind: str) -> None:
    draws = KINDS[kind](64, seed=3, dimensions=5)
    assert [draw.number for draw in draws] == list(range(64))
    assert points(draws).shape == (64, 5)
    assert (points(draws) > 0).all()
    assert (points(draws) < 1).all()


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_seed_gives_the_same_draws_and_another_gives_others(kind: str) -> None:
    again, other = (KINDS[kind](16, seed=seed, dimensions=2) for seed in (3, 4))
    assert KINDS[kind](16, seed=3, dimensions=2) == again
    assert (points(again) != points(other)).all()


@pytest.mark.parametrize("kind", ["plain", "sobol"])
def test_more_draws_leave_those_before_as_they_are(kind: str) -> None:
    assert KINDS[kind](32, seed=3, dimensions=2)[:16] == KINDS[kind](16, seed=3, dimensions=2)


def test_the_point_of_a_plain_draw_is_independent_of_its_random_numbers() -> None:
    draws = plain_draws(2000, seed=1, dimensions=1)
    own = np.array([draw.generator().random() for draw in draws])
    correlation = np.corrcoef(points(draws)[:, 0], own)[0, 1]
    assert abs(correlation) < 4 / np.sqrt(2000)


@pytest.mark.parametrize("count", [1, 7, 100])
def test_every_part_of_every_coordinate_has_one_draw_of_a_latin_hypercube(count: int) -> None:
    parts = np.floor(points(latin_hypercube_draws(count, seed=5, dimensions=3)) * count).astype(int)
    for column in parts.T:
        assert sorted(column) == list(range(count))


def test_every_quarter_by_quarter_has_as_many_sobol_draws() -> None:
    cells = np.floor(points(sobol_draws(64, seed=5, dimensions=2)) * 4).astype(int)
    _, counts = np.unique(cells, axis=0, return_counts=True)
    assert counts.tolist() == [4] * 16


@pytest.mark.parametrize("kind", ["latin hypercube", "sobol"])
def test_even_draws_make_the_mean_of_a_smooth_function_more_certain(kind: str) -> None:
    def spread(name: str) -> float:
        means = [np.mean(points(KINDS[name](64, seed=seed, dimensions=2)).sum(axis=1)) for seed in range(40)]
        return float(np.std(means))

    assert spread(kind) < 0.2 * spread("plain")


@pytest.mark.parametrize("kind", KINDS)
def test_means_are_free_of_bias(kind: str) -> None:
    means = [points(KINDS[kind](4, seed=seed, dimensions=1)).mean() for seed in range(400)]
    assert abs(np.mean(means) - 0.5) < 4 * np.std(means) / 20


@pytest.mark.parametrize("kind", KINDS)
def test_bad_numbers_are_refused(kind: str) -> None:
    with pytest.raises(ParameterError, match=r"count must be a whole number from 1 to 2147483648, but is 0"):
        KINDS[kind](0, seed=1, dimensions=1)
    with pytest.raises(ParameterError, match=r"seed must be a whole number that is not negative, but is -1"):
        KINDS[kind](4, seed=-1, dimensions=1)
    with pytest.raises(ParameterError, match=r"dimensions must be at least \d, one for each uncertain figure"):
        KINDS[kind](4, seed=1, dimensions=-1)


def test_a_count_that_makes_sobol_draws_uneven_is_refused_with_the_next_ones() -> None:
    with pytest.raises(ParameterError, match=r"must be a power of two, but 1000 were asked for.*Take 512 or 1024"):
        sobol_draws(1000, seed=1, dimensions=2)
    with pytest.raises(ParameterError, match=r"at most 21201 dimensions, but 21202 were asked for; take latin_hyper"):
        sobol_draws(4, seed=1, dimensions=21202)
