"""Decides how a turn is answered: by the memory itself, by the offline assistant, or by a model, and with what."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from django.conf import settings
from django.utils import timezone

from accounts.models import User
from memories import llm
from memories.assistant import prompt
from memories.assistant.offline import MAX_RECALLED, compose
from memories.assistant.reading import Intent, Reading, read
from memories.chat_types import Fact, Message, ReplyJob
from memories.chats import ScopedChats
from memories.commands import answer_command
from memories.desk import ReplyDesk
from memories.earlier import held_back, may_use
from memories.errors import MemoryNotFound
from memories.learning import learn_turn
from memories.owner import CHAT
from memories.scoped import ScopedMemory
from memories.types import Memory

RECALLED = 10
"""Memories that a model is shown at most."""
HELD_BACK = "(This answer is left out: it was given with memories that are not to be used now.)"
"""What a model reads in the place of such a reply."""

OFF_HERE = "Memory is off for this chat: I looked nothing up and saved nothing."
OFF_EVERYWHERE = "You have switched off the use of your memories, so I looked nothing up."
NOT_LEARNING = "You have switched off learning from your chats, so I saved nothing."


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """How to answer."""

    words: str | None = None
    """The answer, where no model has to be asked."""
    messages: tuple[dict[str, str], ...] = ()
    """Otherwise what the model is sent."""
    shorter: tuple[dict[str, str], ...] = ()
    """The same in half the room, should the first not fit."""


def prepare(user: User, reply_id: str) -> Plan:
    """Reads the turn, carries out what it asks of the memory, recalls, and writes down what the assistant is given.

    Blocking; a handful of queries. ConversationNotFound when the turn is gone.
    """
    desk, memory = ReplyDesk(user), ScopedMemory(user, door=CHAT)
    job = desk.job(reply_id)
    reading = read(job.turn.text)
    command = answer_command(memory, job, reading)
    if command is not None:
        desk.give(reply_id, [*(shown.id for shown in command.shown), *command.quoted])
        memory.mark_used(reply_id, command.shown)
        if command.asks:
            desk.mark(reply_id, asks=command.asks)
        if not command.teaches:
            desk.nothing_to_learn(job.turn.id)
        return Plan(words=command.text)
    if llm.configured():
        return _for_model(desk, memory, job)
    return Plan(words=_offline(user, desk, memory, job, reading.unasked()))


def _for_model(desk: ReplyDesk, memory: ScopedMemory, job: ReplyJob) -> Plan:
    memory.spend()
    allowed = may_use(memory, job.conversation)
    recalled = recall(memory, job, RECALLED) if allowed else []
    back = held_back(memory, job.conversation, job.earlier, allowed=allowed)
    earlier = [_without_words(turn) if turn.id in back else turn for turn in job.earlier]
    full = prompt.build(job.turn.text, earlier, recalled, context=settings.LLM_CONTEXT)
    half = prompt.build(job.turn.text, earlier, full.memories, context=settings.LLM_CONTEXT // 2)
    # What earlier replies were given comes with their words.
    through = [key for turn in full.earlier for key in turn.given]
    desk.give(job.reply.id, [*(shown.id for shown in full.memories), *through])
    memory.mark_used(job.reply.id, full.memories)
    desk.mark(job.reply.id, model=f"{settings.LLM_MODEL} at {llm.host()}")
    desk.disclose(job.reply.id, [shown.id for shown in full.memories])
    return Plan(messages=full.messages, shorter=half.messages)


def _without_words(reply: Message) -> Message:
    """A place in the talk, so that the question before it is not answered once more. An empty reply stays empty."""
    return dataclasses.replace(reply, text=HELD_BACK if reply.text.strip() else "", given=())


def _offline(user: User, desk: ReplyDesk, memory: ScopedMemory, job: ReplyJob, reading: Reading) -> str:
    """Recalls first, so that what was said just now is not brought up as news; then learns, then answers."""
    allowed = may_use(memory, job.conversation)
    recalled = recall(memory, job, MAX_RECALLED, question=reading.question) if allowed and reading.question else []
    learned = learn_turn(user, job.turn.id)
    told = ScopedChats(user).message(job.turn.id)
    notice = _notice(memory, job, reading)
    if notice and not recalled:
        return notice
    saved, known = _memories(memory, told.saved), _memories(memory, told.known)
    new = {fact.id for fact in (*saved, *known)}
    shown = [found for found in recalled if found.id not in new]
    desk.give(job.reply.id, [found.id for found in (*shown, *saved, *known)])
    memory.mark_used(job.reply.id, shown)
    if told.refused:
        desk.mark(job.reply.id, asks={"do": "remember", "texts": list(told.refused)})
    failed = [fact.text for fact in reading.facts] if learned is None and told.learning in ("pending", "failed") else []
    answer = compose(
        reading,
        saved=saved,
        known=known,
        refused=told.refused,
        failed=failed,
        full=told.full,
        recalled=shown,
        now=timezone.now(),
    )
    return f"{answer}\n\n{notice}" if notice else answer


def recall(memory: ScopedMemory, job: ReplyJob, limit: int, *, question: str = "") -> list[Memory]:
    """What bears on the turn, best first, without what is not to be used in this conversation."""
    left_out = set(job.conversation.left_out)
    found = memory.search(question or job.turn.text, limit=limit + len(left_out))
    return [memory for memory in found if memory.id not in left_out][:limit]


def _notice(memory: ScopedMemory, job: ReplyJob, reading: Reading) -> str:
    """Why nothing was looked up or saved, where something would have been."""
    if job.conversation.mode != "on":
        return OFF_HERE if reading.question or reading.facts or reading.otherwise is Intent.STATEMENT else ""
    preferences = memory.preferences
    if reading.facts and not preferences.learn:
        return NOT_LEARNING
    return OFF_EVERYWHERE if reading.question and not preferences.use_memories else ""


def _memories(memory: ScopedMemory, facts: Sequence[Fact]) -> list[Memory]:
    found: list[Memory] = []
    for fact in facts:
        try:
            found.append(memory.get(fact.id))
        except MemoryNotFound:
            continue  # Deleted between the two queries.
    return found
