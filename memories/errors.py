"""What can go wrong, each with a sentence that may be shown to the person."""

from __future__ import annotations

import datetime as dt


class MemoriesError(Exception):
    """The root. `str(error)` is a sentence for the person; it never holds anyone's data or a memory's text."""

    default = "Something went wrong with your memories. Nothing was lost; please try again."

    def __init__(self, sentence: str = "") -> None:
        super().__init__(sentence or self.default)


class MemoryNotFound(MemoriesError):
    """Unknown, malformed or another person's id: the three cannot be told apart."""

    default = "There is no such memory. It may have been deleted."


class ConversationNotFound(MemoriesError):
    """As MemoryNotFound, for a conversation or a message in it."""

    default = "There is no such chat. It may have been deleted."


class InvalidText(MemoriesError):
    """Text that cannot be kept; the sentence says why, and the advice what to do."""

    default = "This text cannot be saved."

    def __init__(self, sentence: str = "", advice: str = "") -> None:
        super().__init__(f"{sentence or self.default} {advice}".strip())
        self.fault = sentence or self.default
        """Why alone: beside one line of a file, of which the rest is taken, the advice would be wrong."""


class Forgotten(MemoriesError):
    """A program would save what the person once had forgotten; only they can decide that anew."""

    default = (
        "You once asked to forget this, so no program can save it. Add it on “Your data” yourself to have it back."
    )


class StaleVersion(MemoriesError):
    """The memory was changed elsewhere since it was read; nothing was overwritten."""

    default = "This memory was changed elsewhere. Reload to see the newest text; yours was not saved."


class QuotaExceeded(MemoriesError):
    """The person's store is full; what is there stays."""

    default = "Your memory is full. Delete what you no longer need and try again; nothing was dropped."


class EngineUnavailable(MemoriesError):
    """The engine, the database or the model behind it did not answer."""

    default = "The memory engine cannot be reached just now. Nothing was lost; please try again in a moment."


class Unavailable(MemoriesError):
    """This site's memory engine has no such thing; the sentence says what. Nothing was changed."""

    default = "This site keeps memories where this cannot be done. Nothing was changed."


class BudgetSpent(EngineUnavailable):
    """The person's share of the language model is used up for today; nothing was sent."""

    default = "Today's share of the language model is used up. Your message is safe; everything else works."

    ends: dt.datetime | None = None

    @classmethod
    def until(cls, most: int, ends: dt.datetime) -> BudgetSpent:
        """Says how many there were, and when there are more."""
        error = cls(
            f"Today's {most:,} uses of the language model are used up. Your message is safe, your memories are here, "
            f"and it answers again from {ends:%H:%M} UTC on."
        )
        error.ends = ends
        return error


class ExtractionFailed(MemoriesError):
    """The model's answer could not be used for learning (refused, cut short, another shape): try again later."""

    default = "This could not be read for memories yet. It will be tried again."


class AccountGone(MemoriesError):
    """The account was closed or erased while this was under way; nothing was written."""

    default = "This account no longer exists. Nothing was saved."


class IsolationBreach(MemoriesError):
    """A row of another owner reached the way out. Never shown; logged as a security event with ids only."""

    default = "Something went wrong. Nothing was shown; the operators have been told."
