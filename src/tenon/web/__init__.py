"""The platform: organizations that share what they choose, and handle disruptions together.

A Django project. ``tenon serve`` runs it; ``python -m tenon.web`` gives Django's own commands. It needs the extra
``web``.
"""

__all__: list[str] = []
