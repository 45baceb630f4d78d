"""Reads files that people bring along: nothing in them is trusted, and what cannot be read is named by its line."""

from memories.imports.reading import MAX_BYTES, read

__all__ = ["MAX_BYTES", "read"]
