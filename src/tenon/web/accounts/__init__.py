"""The people who sign in, how they prove who they are, and where they are signed in."""

__all__: list[str] = []
