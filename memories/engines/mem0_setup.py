"""Imports mem0, silent and still: no telemetry, no files in the home directory, no content in logs, no downloads.

mem0 reads its switches at its first import, so nothing else on this site may import it.
"""

from __future__ import annotations

import importlib.util
import logging
import os

from django.conf import settings

os.environ["MEM0_TELEMETRY"] = "False"
# mem0 makes this folder when it is missing; ours is there, and nothing is written into it with telemetry off.
os.environ["MEM0_DIR"] = str(settings.DATA_DIR)

from mem0 import Memory
from mem0.exceptions import LLMError
from mem0.memory import telemetry
from mem0.utils import spacy_models
from mem0.utils.factory import EmbedderFactory

__all__ = ["EmbedderFactory", "LLMError", "Memory"]

if telemetry.MEM0_TELEMETRY:
    raise RuntimeError("mem0 was imported before its telemetry was switched off; import it through this module alone.")

# It logs memory texts at every level.
_logger = logging.getLogger("mem0")
_logger.setLevel(logging.CRITICAL + 1)
_logger.propagate = False
# It silences these for the whole process; whoever else uses them wants to hear of trouble.
for _name in ("urllib3", "posthog"):
    logging.getLogger(_name).setLevel(logging.NOTSET)

# Without its language model, spaCy would be told to download one in the middle of a request.
if importlib.util.find_spec("en_core_web_sm") is None:
    spacy_models._load_failed_full = spacy_models._load_failed_lemma = True
