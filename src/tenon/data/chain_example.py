"""The worked example: a maker of stainless plate, from mines and quarries to its customers.

It stands in the folder ``example_chain`` as CSV files. Towns, ports and straits are real; companies and figures were
made up by the developers from general knowledge of the industry.
"""

from __future__ import annotations

from importlib.resources import as_file, files

from tenon.data.chain_reading import read_chain
from tenon.schema.chains import SupplyChain

__all__ = ["example_chain"]


def example_chain() -> SupplyChain:
    """Return the worked example that ships with tenon.

    Two melt shops, one in China and one in Belgium, smelt nickel pig iron, ferrochrome and scrap, which come from ore
    kilns, smelters and ports on five continents; three mills roll plate for service centers in eight countries.

    Returns
    -------
    SupplyChain
        64 sites, 80 stages, 126 supplies; marked as illustrative.

    Examples
    --------
    >>> chain = example_chain()
    >>> len(chain.sites), len(chain.stages), len(chain.supplies), chain.illustrative
    (64, 80, 126, True)
    """
    with as_file(files("tenon.data").joinpath("example_chain")) as folder:
        return read_chain(folder)
