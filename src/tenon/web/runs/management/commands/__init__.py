"""Commands of this app."""

__all__: list[str] = []
