"""Results carry values, status and residuals; what they say beyond that may be left out."""

from __future__ import annotations

import dataclasses

import pytest
import xarray

from tenon.schema import Result, Status


def test_notes_and_provenance_may_be_left_out() -> None:
    result = Result(values=xarray.Dataset(), status=Status.COMPLETE, residuals={})
    assert result.notes == ()
    assert result.provenance == {}


def test_a_result_cannot_be_changed() -> None:
    result = Result(values=xarray.Dataset(), status=Status.INTERRUPTED, residuals={})
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot assign to field 'status'"):
        result.status = Status.COMPLETE  # type: ignore[misc] # frozen, which is what is tested
