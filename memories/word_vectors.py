"""The files of the offline embedder, as the package wordllama brings them. The package itself is never imported: it
takes a second and thirty megabytes, looks beyond its own folder, and downloads what it does not find."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from tokenizers import Tokenizer

DIMS = 256
MOST_HEAD = 100_000
"""Bytes; the head of the file is a hundred. One that claims more is no head."""
_WEIGHTS, _TENSOR = f"weights/l2_supercat_{DIMS}.safetensors", "embedding.weight"
_TOKENIZER = "tokenizers/l2_supercat_tokenizer_config.json"


def installed() -> bool:
    """Whether the files are there, the vectors whole; nothing of them is read but the head."""
    try:
        weights()
        return _file(_TOKENIZER).is_file()
    except (OSError, ValueError, LookupError, TypeError):
        return False


def weights() -> npt.NDArray[np.float16]:
    """A vector a token, shape [tokens, DIMS], mapped from the file: a page of it is read when a text first holds one of
    its words, and all processes of a machine share it. FileNotFoundError; ValueError for a file of another shape."""
    file = _file(_WEIGHTS)
    # The format of safetensors: the length of a header in JSON, eight bytes, little-endian; the header; the numbers.
    with file.open("rb") as opened:
        length = int.from_bytes(opened.read(8), "little")
        tensor = json.loads(opened.read(min(length, MOST_HEAD)))[_TENSOR]
    if tensor["dtype"] != "F16" or tensor["shape"][1] != DIMS:
        raise ValueError(f"{file.name} does not hold {DIMS} half-precision numbers a token.")
    start = 8 + length + tensor["data_offsets"][0]
    mapped = np.memmap(file, dtype="<f2", mode="r", offset=start, shape=tuple(tensor["shape"]))
    # As a plain array: the class of mapped ones costs more than adding up the vectors does.
    return mapped.view(np.ndarray)


def tokenizer() -> Tokenizer:
    """Splits a text into the tokens that `weights` has a row for. FileNotFoundError."""
    from tokenizers import Tokenizer  # only a process that embeds pays for it

    made = Tokenizer.from_file(str(_file(_TOKENIZER)))
    made.no_padding()
    return made


def vocabulary() -> Mapping[str, int]:
    """Each token and its row. FileNotFoundError."""
    return cast(Mapping[str, int], json.loads(_file(_TOKENIZER).read_text(encoding="utf-8"))["model"]["vocab"])


def _folder() -> Path | None:
    spec = importlib.util.find_spec("wordllama")
    return Path(spec.origin).parent if spec and spec.origin else None


def _file(name: str) -> Path:
    folder = _folder()
    if folder is None:
        raise FileNotFoundError("The package wordllama is not installed.")
    return folder / name
