"""The embedder of this site: the offline one, or any of mem0's providers by setting."""

from __future__ import annotations

import functools
import importlib.util
from collections.abc import Sequence
from typing import Any

import numpy as np
from django.conf import settings

from memories import word_vectors
from memories.embedders import Embedder, Vectors, default_embedder
from memories.errors import EngineUnavailable

EXTRAS = {
    "openai": "openai",
    "azure_openai": "openai",
    "lmstudio": "openai",
    "ollama": "ollama",
    "fastembed": "fastembed",
    "huggingface": "sentence_transformers",
    "gemini": "google.genai",
    "vertexai": "vertexai",
    "together": "together",
    "aws_bedrock": "boto3",
}
"""Each of mem0's providers, and the module that it needs installed beside mem0."""
URLS = ("openai", "ollama", "lmstudio", "huggingface")
"""Those that can be told where their server is."""
PATIENCE = 10
"""Seconds that a provider's server may take: a search waits for it."""


class ProviderEmbedder:
    """One of mem0's embedders. Its rows are never compared with another's: the name says provider, model and length."""

    def __init__(self, provider: str, *, model: str, dims: int, url: str = "", key: str = "") -> None:
        self.name, self.dims = f"{provider}:{model}:{dims}"[-80:], dims
        self._provider, self._config = provider, _config(provider, model, dims, url, key)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """As `Embedder.embed`. EngineUnavailable when the provider does not answer, or answers in another length."""
        if not texts:
            return np.zeros((0, self.dims), dtype=np.float32)
        try:
            found = np.asarray(self._model.embed_batch(list(texts), "search"), dtype=np.float32)
        except Exception as error:
            # Each provider has errors of its own, which may quote what was sent.
            raise EngineUnavailable(f"The embedder did not answer ({type(error).__name__}).") from None
        if found.shape != (len(texts), self.dims):
            raise EngineUnavailable(f"The embedder's vectors have {found.shape[-1]} numbers, not {self.dims}.")
        norms = np.linalg.norm(found, axis=1, keepdims=True)
        unit: Vectors = (found / np.where(norms == 0, 1, norms)).astype(np.float32)
        return unit

    @functools.cached_property
    def _model(self) -> Any:
        # Imported here: mem0 takes over a second.
        from memories.engines.mem0_setup import EmbedderFactory

        model = EmbedderFactory.create(self._provider, self._config, None)
        client: Any = getattr(model, "client", None)
        if hasattr(client, "with_options"):
            model.client = client.with_options(timeout=PATIENCE, max_retries=1)
        return model


def _config(provider: str, model: str, dims: int, url: str, key: str) -> dict[str, Any]:
    config: dict[str, Any] = {"model": model, "embedding_dims": dims}
    if key:
        config["api_key"] = key
    if url and provider in URLS:
        config[f"{provider}_base_url"] = url
    if provider == "gemini":
        config["output_dimensionality"] = dims
    return config


@functools.cache
def chosen_embedder() -> Embedder:
    """The one that the settings name; always the same one in a process."""
    if settings.EMBEDDER == "wordllama":
        return default_embedder()
    return ProviderEmbedder(
        settings.EMBEDDER,
        model=settings.EMBEDDER_MODEL,
        dims=settings.EMBEDDER_DIMS,
        url=settings.EMBEDDER_URL,
        key=settings.EMBEDDER_API_KEY,
    )


def missing() -> list[str]:
    """What the settings leave out, in words; nothing is loaded and nobody is asked."""
    if settings.EMBEDDER == "wordllama":
        there = word_vectors.installed()
        return (
            [] if there else ["The package of 'wordllama' is not installed, or its vectors or tokenizer are not whole."]
        )
    words = []
    if not settings.EMBEDDER_MODEL or not settings.EMBEDDER_DIMS:
        words.append("MEMSITE_EMBEDDER needs MEMSITE_EMBEDDER_MODEL and MEMSITE_EMBEDDER_DIMS, its vectors' length.")
    extra = EXTRAS[settings.EMBEDDER]
    if not _installed(extra):
        words.append(f"MEMSITE_EMBEDDER={settings.EMBEDDER} needs the package of {extra!r}: it is not installed.")
    if settings.EMBEDDER_URL and settings.EMBEDDER not in URLS:
        words.append(f"MEMSITE_EMBEDDER_URL says nothing to {settings.EMBEDDER}: leave it out.")
    return words


def _installed(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:
        return False
