"""Hazards that are eliminated one by one, and the rooms in which organizations handle a disruption together."""

__all__: list[str] = []
