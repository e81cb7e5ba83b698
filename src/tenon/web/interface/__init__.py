"""The app ``interface``: what every part of the interface for programs has in common, without any part of it."""

__all__: list[str] = []
