"""Tests: unit (one file per source file), reference, properties, contracts."""
