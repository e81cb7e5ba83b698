"""Chinese dates are Django's (2026年11月30日 14:05); long numbers are grouped by three, as in business."""

__all__ = ["NUMBER_GROUPING", "THOUSAND_SEPARATOR"]

THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
