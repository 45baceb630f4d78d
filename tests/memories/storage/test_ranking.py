"""The ranking: what comes back, what does not, in which order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from memories.embedders import default_embedder
from memories.storage.few import Few
from memories.storage.many import Many
from memories.storage.ranking import CUT_OFF, FEW, Corpus, Index, Query, rank, warm
from memories.storage.topics import topics_of
from memories.text import terms
from tests.memories.storage.recall_tables import ALL_OF, FIRST, NEVER, SILENT

TALK = (
    "Ana: Did you find a place for the winter?",
    "Ben: Yes, near the old harbour.",
    "Ana: Wonderful!",
    "Ben: The stove smokes a little.",
    "Ana: I bought a red kayak.",
    "Ben: Which river will you take it to?",
    "Ana: The Loire, in spring.",
)


def corpus(texts: Sequence[str], episodes: Sequence[str | None] | None = None, **columns: Sequence[Any]) -> Corpus:
    return Corpus(
        vectors=default_embedder().embed(texts),
        terms=[" ".join(terms(text)) for text in texts],
        episodes=episodes or [None] * len(texts),
        positions=range(len(texts)),
        **columns,
    )


def query(text: str) -> Query:
    return Query(vector=default_embedder().embed([text])[0], terms=terms(text), text=text)


def found(store: Sequence[str], question: str) -> list[str]:
    return [store[hit.index] for hit in rank(query(question), corpus(store))]


@pytest.mark.parametrize(("store", "question", "word"), FIRST)
def test_the_memory_that_answers_comes_first(store: tuple[str, ...], question: str, word: str) -> None:
    assert word in found(store, question)[0]


@pytest.mark.parametrize(("store", "question", "words"), ALL_OF)
def test_all_memories_that_answer_come(store: tuple[str, ...], question: str, words: tuple[str, ...]) -> None:
    texts = " ".join(found(store, question))
    assert all(word in texts for word in words)


@pytest.mark.parametrize(("store", "question", "word"), NEVER)
def test_what_has_nothing_to_do_with_it_stays_away(store: tuple[str, ...], question: str, word: str) -> None:
    assert not any(word in text for text in found(store, question))


@pytest.mark.parametrize(("store", "question"), SILENT)
def test_silence_where_there_is_no_answer(store: tuple[str, ...], question: str) -> None:
    assert found(store, question) == []


def test_of_many_rows_the_best_has_to_be_better() -> None:
    """One word of three is something to go on among forty rows, and chance among four hundred."""
    doing = ("I like", "I often talk about", "we planned something with", "my sister loves", "I study")
    things = ("green tea", "the harbour", "old maps", "running", "chess", "sour bread", "jazz", "bees", "owls", "snow")
    when = ("in spring", "on Sundays", "after work", "when it rains", "with friends", "at home", "by day", "on trips")
    store = [f"{act} {thing} {moment}" for act in doing for thing in things for moment in when]
    assert len(store) == 400
    assert found(store, "Who taught Priya chess?") == []
    assert "chess" in found(store[:40], "Who taught Priya chess?")[0]
    assert "chess" in found(store, "Does my sister love chess?")[0]


def test_scores_fall_and_lie_between_cut_off_and_one() -> None:
    hits = rank(query("Which river for the red kayak?"), corpus(TALK, ["talk"] * len(TALK)), limit=10)
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    assert all(CUT_OFF <= score < 1 for score in scores)


@pytest.mark.parametrize("limit", [-1, 0, 1, 2])
def test_no_more_than_the_limit(limit: int) -> None:
    assert len(rank(query("kayak river stove"), corpus(TALK), limit)) == max(limit, 0)


def test_a_reply_without_a_shared_word_is_found_beside_the_question() -> None:
    store = corpus(TALK, ["talk"] * len(TALK))
    assert 1 in [hit.index for hit in rank(query("place for the winter"), store)]
    assert 1 not in [hit.index for hit in rank(query("place for the winter"), corpus(TALK))]


def test_neighbours_do_not_reach_into_another_episode() -> None:
    store = corpus(TALK, ["one"] + ["two"] * 6)
    assert 1 not in [hit.index for hit in rank(query("place for the winter"), store)]


def test_order_in_the_corpus_does_not_matter() -> None:
    whole = corpus(TALK, ["talk"] * len(TALK))
    turned = Corpus(
        vectors=whole.vectors[::-1],
        terms=whole.terms[::-1],
        episodes=whole.episodes[::-1],
        positions=list(whole.positions)[::-1],
    )
    hits = {hit.index: hit.score for hit in rank(query("Where is the stove?"), whole)}
    again = {len(TALK) - 1 - hit.index: hit.score for hit in rank(query("Where is the stove?"), turned)}
    assert again == pytest.approx(hits, abs=1e-6)


def test_turns_of_the_person_asked_about_come_first() -> None:
    store = ("Ana: I went swimming", "Ben: I went swimming")
    assert found(store, "When did Ben go swimming?")[0].startswith("Ben")
    assert found(store, "When did Ana go swimming?")[0].startswith("Ana")


@pytest.mark.parametrize("more", [0, FEW])
@pytest.mark.parametrize(
    ("question", "hits"),
    [
        ("What did Ana run on Sunday?", ["Ana: I ran a charity race on Sunday"]),
        ("What did Ben run for charity on Sunday?", []),
        # Not about one of them alone; nobody who speaks here; said to the one in question.
        ("Did Ana or Ben run a charity race on Sunday?", ["Ana: I ran a charity race on Sunday"]),
        ("Did Cleo run a charity race on Sunday?", ["Ana: I ran a charity race on Sunday"]),
        ("What did Ben study for his exam at college?", ["Ana: So you study for the college exam"]),
    ],
)
def test_what_another_said_of_themselves_is_no_answer(question: str, hits: list[str], more: int) -> None:
    said = (
        "Ana: I ran a charity race on Sunday",
        "Ben: We painted the fence",
        "Ana: So you study for the college exam",
    )
    store = (*said, *(f"Ben: The cat number {n} sleeps" for n in range(more)))
    assert found(store, question)[:1] == hits


def test_of_equals_the_newer_comes_first() -> None:
    store = corpus(["I like jazz"] * 3, created_at=[5.0, 9.0, 7.0])
    assert [hit.index for hit in rank(query("jazz"), store)] == [1, 2, 0]


@pytest.mark.parametrize("size", [2, FEW + 1])
def test_what_was_concluded_comes_after_what_was_said(size: int) -> None:
    texts = ["I like jazz", "I like jazz", *(f"note {n}" for n in range(size - 2))]
    plain = rank(query("jazz"), corpus(texts))
    hits = rank(query("jazz"), corpus(texts, kinds=["stated", "inferred"] + ["stated"] * (size - 2)))
    assert [hit.index for hit in plain] == [1, 0]
    assert [hit.index for hit in hits] == [0, 1]
    assert hits[0].score == plain[1].score and 0.8 * hits[0].score < hits[1].score < hits[0].score


def test_a_conclusion_that_is_nearer_still_comes_first() -> None:
    store = corpus(["I like jazz", "I like long walks by the harbour"], kinds=["inferred", "stated"])
    assert rank(query("Which jazz do I like?"), store)[0].index == 0


def test_a_row_of_another_embedder_is_found_by_its_words_only() -> None:
    vectors = np.zeros((2, 256), dtype=np.float32)
    store = Corpus(vectors=vectors, terms=["harbour", "kayak"], episodes=[None, None], positions=[0, 0])
    assert [hit.index for hit in rank(query("kayak"), store)] == [1]


def test_half_precision_vectors_are_taken() -> None:
    whole = corpus(TALK)
    half = Corpus(
        vectors=whole.vectors.astype(np.float16), terms=whole.terms, episodes=whole.episodes, positions=[0] * 7
    )
    expected = [hit.index for hit in rank(query("red kayak"), whole)]
    assert [hit.index for hit in rank(query("red kayak"), half)] == expected


def test_a_question_without_words_or_vector_finds_nothing() -> None:
    assert rank(Query(vector=np.zeros(256, dtype=np.float32), terms=[]), corpus(TALK)) == []


@pytest.mark.parametrize("question", ["Which river?", "Did Ana buy a boat?", "cook food", "Who sleeps?", "nothing", ""])
@pytest.mark.parametrize("episodes", [None, ["a"] * 7, ["a", "a", "b", "b", "b", None, "c"]])
def test_few_and_many_give_the_same_scores(question: str, episodes: list[str | None] | None) -> None:
    store = corpus(TALK, episodes, kinds=["stated", "inferred"] * 3 + ["stated"])
    few, many = Few(store).scores(query(question)), Many(store).scores(query(question))
    assert list(many) == pytest.approx(few, abs=1e-5)


def test_a_large_store_is_ranked_like_its_scores() -> None:
    texts = [f"{TALK[i % 7]} {i}" for i in range(FEW * 5)]
    store = corpus(texts, [str(i // 9) for i in range(len(texts))])
    index = Index.build(store)
    scores = Many(store).scores(query("red kayak on the river"))
    hits = index.search(query("red kayak on the river"), 10)
    assert len(index) == len(texts)
    assert [hit.score for hit in hits] == pytest.approx(sorted(scores, reverse=True)[:10], abs=1e-4)


def test_an_index_answers_again_the_same() -> None:
    index = Index.build(corpus(TALK, ["talk"] * 7))
    first = index.search(query("red kayak"))
    index.search(query("stove"))
    assert index.search(query("red kayak")) == first


def test_warming_reads_the_word_lists() -> None:
    warm()
    assert topics_of.cache_info().currsize == 1
