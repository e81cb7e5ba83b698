"""The command line: one file a command, thin; whatever is slow to import is imported when a command runs."""

__all__: list[str] = []
