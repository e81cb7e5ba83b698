"""How dates, times and numbers are written in each language, where Django's way is not the platform's."""

__all__: list[str] = []
