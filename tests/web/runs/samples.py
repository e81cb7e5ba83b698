"""What studies leave, in a few figures."""

from __future__ import annotations

from typing import Any

CHAIN: dict[str, Any] = {
    "kind": "chain",
    "name": "stainless plate",
    "illustrative": True,
    "currency": "USD",
    "worst": [
        {"name": "Ghent melt shop", "loss": 18242.0, "out_days": 75.0, "stock_days": 28.5, "stock_lasts": False},
        {"name": "Genk works", "loss": 0.0, "out_days": 7.0, "stock_days": 365.0, "stock_lasts": True},
    ],
    "followed": {
        "name": "Ghent melt shop",
        "out_days": 75.0,
        "first_loss_day": 12.0,
        "first_customer": "household goods makers",
        "first_product": "plate 304 @ Foshan",
        "over_day": 103.0,
        "short_day": 6.0,
        "short_stage": "plate 304 @ port",
        "short_part": "plate 304",
        "loss_a_day": 182420.0,
        "loss": 1824200.0,
        "losses": {"step": 1, "values": [0.0, 0.0, 182420.0, 90000.0, 0.0]},
    },
    "sites": ["Genk works", "Ghent melt shop"],
    "sentences": {"en": ["Ghent melt shop costs USD 1.82 million."], "zh": ["根特炼钢厂"]},
}
TABLE: dict[str, Any] = {
    "kind": "table",
    "currency": "USD",
    "days": 180.0,
    "loss": 18242.0,
    "share": 0.001,
    "worst_day": 16.0,
    "worst_drop": 0.0014,
    "over_day": None,
    "regions": [{"name": "Japan", "name_zh": "日本", "loss": 18242.0, "share": 0.0015}],
    "sectors": [{"name": "Trade", "name_zh": "批发和零售", "loss": 18242.0, "share": None}],
    "output": {"step": 1, "values": [1.0, 0.99, 0.995, 1.0]},
    "sentences": {"en": ["Within 180 days USD 1 million is lost."], "zh": ["一"]},
}
