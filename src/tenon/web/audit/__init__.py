"""The record of who did what: rows that hold the digest of the row before, and that nobody changes."""

__all__: list[str] = []
