from __future__ import annotations

import numpy as np
import xarray

from tenon.studies.labels import with_names_and_places


def test_names_of_the_table_come_first_then_known_ones_then_labels() -> None:
    values = xarray.Dataset(
        {"loss": (("region", "sector", "product"), np.zeros((3, 2, 1)))},
        coords={"region": ["JPN", "CHN", "XX"], "sector": ["electronics", "zz"], "product": ["electronics"]},
    )
    named = with_names_and_places(values, {"CHN": "Middle Kingdom"}, {"zz": "Sleep"})
    assert list(named["region_name"].values) == ["Japan", "Middle Kingdom", "XX"]
    assert list(named["region_name_zh"].values) == ["日本", "中国", "XX"]
    assert list(named["sector_name"].values) == ["Computers, electronics and optics", "Sleep"]
    assert list(named["product_name_zh"].values) == ["计算机、电子和光学产品"]
    assert float(named["longitude"].sel(region="JPN")) == 138.0
    assert np.isnan(named["latitude"].sel(region="XX"))


def test_a_network_of_firms_gets_names_of_its_products_only() -> None:
    values = xarray.Dataset({"loss": ("agent", np.zeros(2))}, coords={"agent": ["a", "b"], "product": ["electronics"]})
    named = with_names_and_places(values, {}, {})
    assert set(named.coords) == {"agent", "product", "product_name", "product_name_zh"}
