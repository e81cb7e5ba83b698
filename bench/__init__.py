"""Speed and memory, measured: ``python -m bench``, or ``make bench``."""
