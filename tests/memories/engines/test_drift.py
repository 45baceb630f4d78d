"""Fails when another mem0 needs something else than what our pipeline relies on: all of it is private."""

from __future__ import annotations

import ast
import importlib.metadata
import inspect
import os
import textwrap

import pytest

from accounts.models import User
from memories.embedders import default_embedder
from memories.engines import mem0_setup
from memories.engines.pipeline import Pipeline
from memories.errors import IsolationBreach
from memories.owner import owner_of

MADE_BY_ITS_CONSTRUCTOR = {
    "_entity_store",
    "_telemetry_vector_store",
    "api_version",
    "collection_name",
    "config",
    "custom_instructions",
    "db",
    "embedding_model",
    "llm",
    "reranker",
    "vector_store",
}
USED_IN_ITS_PIPELINE = {
    "_entity_store",  # through the entity_store property
    "_existing_entities_by_text",
    "_normalize_entity_text",
    "api_version",
    "config",
    "custom_instructions",
    "db",
    "embedding_model",
    "entity_store",
    "llm",
    "vector_store",
}


def attributes(function: object, *, stored: bool) -> set[str]:
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))  # type: ignore[arg-type]
    wanted = ast.Store if stored else ast.Load
    return {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "self"
        and isinstance(node.ctx, wanted)
    }


@pytest.fixture
def pipeline(owner: User) -> Pipeline:
    return Pipeline(owner_of(owner), default_embedder())


def test_the_version_is_the_one_that_was_read() -> None:
    assert importlib.metadata.version("mem0ai") == "2.2.1"


def test_its_constructor_makes_what_we_set() -> None:
    assert attributes(mem0_setup.Memory.__init__, stored=True) == MADE_BY_ITS_CONSTRUCTOR


def test_its_pipeline_reads_what_we_set(pipeline: Pipeline) -> None:
    used = attributes(mem0_setup.Memory._add_to_vector_store, stored=False)
    assert used - {"_create_memory"} <= USED_IN_ITS_PIPELINE, "only verbatim adding may create memories one by one"
    assert all(hasattr(pipeline, name) for name in USED_IN_ITS_PIPELINE)


def test_every_public_verb_of_mem0_is_ours_or_unreachable(pipeline: Pipeline) -> None:
    inherited = {
        name
        for name in dir(Pipeline)
        if not name.startswith("_") and getattr(Pipeline, name) is getattr(mem0_setup.Memory, name, None)
    }
    assert inherited == {"chat", "entity_store", "project"}, "neither of these reads or writes another owner's rows"


@pytest.mark.parametrize("verb", ["reset", "delete_all", "from_config", "users", "delete_users"])
def test_verbs_that_reach_beyond_one_owner_do_not_exist(pipeline: Pipeline, verb: str) -> None:
    with pytest.raises(IsolationBreach):
        getattr(pipeline, verb)(user_id="*")


def test_mem0_is_silent_and_still() -> None:
    assert mem0_setup.telemetry.MEM0_TELEMETRY is False
    assert os.environ["MEM0_DIR"] != os.path.expanduser("~/.mem0")
    from mem0.utils import spacy_models

    assert spacy_models.get_nlp_full() is None and spacy_models.get_nlp_lemma() is None
