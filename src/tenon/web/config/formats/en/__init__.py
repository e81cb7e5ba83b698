"""The formats of one language."""

__all__: list[str] = []
