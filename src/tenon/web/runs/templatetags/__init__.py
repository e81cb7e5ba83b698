"""Tags and filters for templates."""

__all__: list[str] = []
