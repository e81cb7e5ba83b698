"""The steps from an empty database to the tables of this app."""

__all__: list[str] = []
