"""Supply-chain security: see a chain, stress it, strengthen it and respond together.

Importing this package does nothing but name its version; each subpackage is imported where it is used.

Examples
--------
>>> import tenon
>>> tenon.__version__
'0.1.0'
"""

__all__ = ["__version__"]

__version__ = "0.1.0"
