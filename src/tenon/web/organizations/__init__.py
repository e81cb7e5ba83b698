"""Organizations, who belongs to them with which role, what they share, and the one place that decides who sees what."""

__all__: list[str] = []
