"""Names an unexpected error for the log: its class and place, never its message, which might quote what was said."""

from __future__ import annotations

import traceback
from pathlib import Path


def named(error: BaseException) -> str:
    """Such as "KeyError at planning.py:71"."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{place}"
