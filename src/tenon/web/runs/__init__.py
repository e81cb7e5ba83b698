"""Studies that people ask for from a page, and the jobs that do them."""

__all__: list[str] = []
