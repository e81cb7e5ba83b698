"""Named repairs of a draft table: each changes one thing, keeps the other identity, and says what it did.

All of them return a new :class:`~tenon.data.drafts.Draft` whose ``repairs`` list has one more sentence, or the same
draft if there was nothing to repair.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tenon.data.drafts import Draft
from tenon.schema.arrays import Float

__all__ = [
    "repair_column_residuals",
    "repair_excess_inputs",
    "repair_negative_flows",
    "repair_row_residuals",
]

_SHOWN = 10


def repair_negative_flows(draft: Draft, *, into: str) -> Draft:
    """Set negative sales between industries to zero and move them to final demand of the buyer's region.

    Parameters
    ----------
    draft : Draft
        Figures of a source.
    into : str
        Category of final demand that takes the negative amounts, usually changes in inventories.

    Returns
    -------
    Draft
        With no negative cell in ``Z``; the sum of every row ``Z 1 + Y 1`` is unchanged.

    Raises
    ------
    LabelError
        If there is no such category.
    """
    category = draft.category(into)
    negative = np.minimum(draft.Z, 0.0)
    cells = int(np.count_nonzero(negative))
    if not cells:
        return draft
    total, worst = float(negative.sum()), float(negative.min())
    record = (
        f"repair_negative_flows: {cells} negative sales between industries ({total:.6g} in all, largest {worst:.6g}) "
        f"set to zero and moved to {into!r} of the buyer's region"
    )
    return _move_to_final_demand(draft, negative, category, record)


def repair_excess_inputs(draft: Draft, *, into: str) -> Draft:
    """Scale down the inputs of industries that use more than they make.

    The column of ``A`` of such an industry sums to more than one. Its inputs are multiplied by ``x_j / sum_i Z_ij``;
    what is taken away goes to final demand of the buyer's region, so that rows still balance. The industry is left
    with no value added (see :func:`repair_column_residuals`).

    Parameters
    ----------
    draft : Draft
        Figures of a source.
    into : str
        Category of final demand that takes what was cut, usually changes in inventories.

    Returns
    -------
    Draft
        With column sums of ``A`` of at most one.

    Raises
    ------
    LabelError
        If there is no such category.

    Examples
    --------
    >>> draft = Draft(regions=("A",), sectors=("1", "2"), final_demand_categories=("inventories",),
    ...     value_added_items=("value added",), Z=np.array([[0.0, 30.0], [5.0, 0.0]]),
    ...     Y=np.array([[70.0], [15.0]]), V=np.array([[95.0, -10.0]]), x=np.array([100.0, 20.0]))
    >>> repaired = repair_excess_inputs(draft, into="inventories")
    >>> repaired.Z[:, 1], repaired.Y[:, 0]
    (array([20.,  0.]), array([80., 15.]))
    """
    category = draft.category(into)
    inputs = draft.Z.sum(axis=0)
    columns = np.flatnonzero(inputs > draft.x)
    if not columns.size:
        return draft
    excess = np.zeros_like(draft.Z)
    excess[:, columns] = draft.Z[:, columns] * (1.0 - draft.x[columns] / inputs[columns])
    shown = ", ".join(f"{draft.label(int(j))} {_ratio(inputs[j], draft.x[j])}" for j in columns[:_SHOWN])
    record = (
        f"repair_excess_inputs: inputs of {columns.size} industries that use more than they make scaled down to their "
        f"output ({excess.sum():.6g} moved to {into!r} of the buyer's region); inputs per output were {shown}"
        f"{', ...' if columns.size > _SHOWN else ''}"
    )
    return _move_to_final_demand(draft, excess, category, record)


def repair_row_residuals(draft: Draft, *, into: str) -> Draft:
    """Put what a row lacks to its output into final demand of the producer's own region.

    Parameters
    ----------
    draft : Draft
        Figures of a source.
    into : str
        Category of final demand that takes the residual, usually changes in inventories.

    Returns
    -------
    Draft
        With ``x = Z 1 + Y 1`` to rounding.

    Raises
    ------
    LabelError
        If there is no such category.
    """
    category = draft.category(into)
    residuals = draft.row_residuals()
    total = float(np.abs(residuals).sum())
    if total <= 1e-12 * float(draft.x.sum()):
        return draft
    users = draft.region_of() * len(draft.final_demand_categories) + category
    sales = draft.Y.copy()
    sales[np.arange(len(residuals)), users] += residuals
    worst = int(np.abs(residuals).argmax())
    record = (
        f"repair_row_residuals: output minus sales ({total / draft.x.sum():.3g} of all output in absolute values, "
        f"largest {residuals[worst]:+.6g} at {draft.label(worst)}) put into {into!r} of the producer's region"
    )
    return replace(draft, Y=sales, repairs=(*draft.repairs, record))


def repair_column_residuals(draft: Draft, *, into: str) -> Draft:
    """Make one item of value added the remainder of output minus all other costs.

    Parameters
    ----------
    draft : Draft
        Figures of a source.
    into : str
        Item of value added that takes the residual.

    Returns
    -------
    Draft
        With ``x' = 1' Z + 1' V`` to rounding.

    Raises
    ------
    LabelError
        If there is no such item.
    """
    item = draft.item(into)
    residuals = draft.column_residuals()
    total = float(np.abs(residuals).sum())
    if total <= 1e-12 * float(draft.x.sum()):
        return draft
    value_added = draft.V.copy()
    value_added[item] += residuals
    worst = int(np.abs(residuals).argmax())
    record = (
        f"repair_column_residuals: output minus costs ({total / draft.x.sum():.3g} of all output in absolute values, "
        f"largest {residuals[worst]:+.6g} at {draft.label(worst)}) put into {into!r}"
    )
    return replace(draft, V=value_added, repairs=(*draft.repairs, record))


def _move_to_final_demand(draft: Draft, amount: Float, category: int, record: str) -> Draft:
    """Take ``amount`` out of ``Z`` and add it to one category of the buyers' regions."""
    regions, sectors = len(draft.regions), len(draft.sectors)
    by_region = amount.reshape(len(amount), regions, sectors).sum(axis=2)
    sales = draft.Y.copy()
    sales[:, category :: len(draft.final_demand_categories)] += by_region
    return replace(draft, Z=draft.Z - amount, Y=sales, repairs=(*draft.repairs, record))


def _ratio(inputs: float, output: float) -> str:
    return f"{inputs / output:.3f}" if output > 0 else "without output"
