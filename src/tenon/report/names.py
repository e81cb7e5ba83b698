"""Names for people: of regions, sectors, products, agents and origins, in the language of the reader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tenon.data.names import label_names
from tenon.report.language import Language

if TYPE_CHECKING:
    import xarray

__all__ = ["Names", "names_of"]


@dataclass(frozen=True, kw_only=True)
class Names:
    """Names by label; a label that nobody named stands for itself.

    Parameters
    ----------
    language : Language
        Language of the reader.
    regions, sectors, products : mapping of str to str
        Names by label; for sectors and products a short one where the label is a word itself.
    full_sectors : mapping of str to str
        Full names of sectors by label.
    industries : bool
        Whether agents are pairs of region and sector.
    """

    language: Language
    regions: Mapping[str, str]
    sectors: Mapping[str, str]
    products: Mapping[str, str]
    full_sectors: Mapping[str, str]
    industries: bool

    def region(self, label: str) -> str:
        """Return the name of a region.

        Parameters
        ----------
        label : str
            Its label.

        Returns
        -------
        str
            Its name.
        """
        return self.regions.get(label, label)

    def sector(self, label: str) -> str:
        """Return the name of a sector.

        Parameters
        ----------
        label : str
            Its label.

        Returns
        -------
        str
            Its name.
        """
        return self.sectors.get(label, label)

    def product(self, label: str) -> str:
        """Return the name of a product.

        Parameters
        ----------
        label : str
            Its label.

        Returns
        -------
        str
            Its name.
        """
        return self.products.get(label, self.sector(label))

    def product_within(self, label: str) -> str:
        """Return the name of a product as it is written inside a sentence.

        Parameters
        ----------
        label : str
            Its label.

        Returns
        -------
        str
            Its name, in English without a capital at its start.
        """
        return self._small(self.product(label))

    def origin_within(self, label: str) -> str:
        """Return the name of an origin as it is written inside a sentence.

        Parameters
        ----------
        label : str
            Its label.

        Returns
        -------
        str
            Its name; regions keep their capital.
        """
        word = self.language.known("origin", label)
        return self._small(word) if word else self.region(label)

    def full_sector(self, label: str) -> str:
        """Return the full name of a sector.

        Parameters
        ----------
        label : str
            Its label.

        Returns
        -------
        str
            Its name.
        """
        return self.full_sectors.get(label, self.sector(label))

    def origin(self, label: str) -> str:
        """Return the name of an origin of losses: a region, final demand, or unexplained.

        Parameters
        ----------
        label : str
            Its label.

        Returns
        -------
        str
            Its name.
        """
        return self.language.known("origin", label) or self.region(label)

    def agent(self, label: str) -> str:
        """Return the name of an agent.

        Parameters
        ----------
        label : str
            Its label, ``"region:sector"`` for an industry.

        Returns
        -------
        str
            Its name.
        """
        region, colon, sector = label.partition(":")
        if not (self.industries and colon):
            return label
        return self.language.text("agent.industry", sector=self.sector(sector), region=self.region(region))

    def _small(self, name: str) -> str:
        small = self.language.code == "en" and name[1:2].islower()
        return name[0].lower() + name[1:] if small else name


def names_of(values: xarray.Dataset, language: Language) -> Names:
    """Collect names from the coordinates of a result, and from the labels that the package knows.

    Parameters
    ----------
    values : xarray.Dataset
        Values of a result.
    language : Language
        Language of the reader.

    Returns
    -------
    Names
        Names by label.
    """
    sectors = _names(values, "sector", language)
    return Names(
        language=language,
        regions=_names(values, "region", language),
        sectors=_short(sectors, language),
        products=_short(_names(values, "product", language), language),
        full_sectors=sectors,
        industries="agent" not in values["baseline_production"].dims,
    )


def _names(values: xarray.Dataset, dimension: str, language: Language) -> dict[str, str]:
    known = label_names("zh" if language.code == "zh" else "en")
    names = dict(known)
    if dimension not in values.coords:
        return names
    # Names in the reader's language stand before those that the package knows, and these before English ones.
    own = _coordinate(values, dimension, f"{dimension}_name")
    translated = _coordinate(values, dimension, f"{dimension}_name_{language.code}")
    first = own if language.code == "en" else {label: name for label, name in own.items() if label not in known}
    return names | first | translated


def _short(names: Mapping[str, str], language: Language) -> dict[str, str]:
    """Prefer labels that are plain English words, such as "motor vehicles", to longer names."""
    if language.code != "en":
        return dict(names)
    plain = {label for label in names if label.islower() and label.replace(" ", "").isalpha()}
    return {label: label.capitalize() if label in plain else name for label, name in names.items()}


def _coordinate(values: xarray.Dataset, dimension: str, name: str) -> dict[str, str]:
    if name not in values.coords or values[name].dims != values[dimension].dims:
        return {}
    pairs = zip(values[dimension].to_numpy(), values[name].to_numpy(), strict=True)
    return {str(label): str(value) for label, value in pairs if str(value)}
