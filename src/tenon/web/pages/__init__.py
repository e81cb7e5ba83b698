"""What all pages share: the frame, the style sheet, the language switch, and the tags that templates use."""

__all__: list[str] = []
