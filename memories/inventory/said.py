"""The tables of what people said and what was made of it, in the order in which they are emptied."""

from __future__ import annotations

from memories.inventory.entries import Table

TABLES: tuple[Table, ...] = (
    Table(
        store="Earlier texts of memories",
        holds="What a memory said before you corrected it.",
        model="memories.MemoryVersion",
        columns={"owner": "identity", "text": "content"},
        goes_with="memories",
    ),
    Table(
        store="Links from names to memories",
        holds="Which memory speaks of which name. No words.",
        model="memories.EntityLink",
        columns={"owner": "identity"},
        goes_with="memories",
    ),
    Table(
        store="Names, places and things",
        holds="Names that your memories speak of, as a language model found them.",
        model="memories.Entity",
        columns={
            "owner": "identity",
            "id": "neither",
            "text": "content",
            "kind": "neither",
            "vector": "derived",
            "embedder": "neither",
        },
        goes_with="memories",
    ),
    Table(
        store="Which reply used which memory",
        holds="The words of a memory as they were put before the assistant, beside the reply.",
        model="memories.Recall",
        columns={"owner": "identity", "relation": "neither", "text": "content"},
        goes_with="memories",
    ),
    Table(
        store="Memories",
        holds="What is remembered of you, with its search words and its place among meanings.",
        model="memories.Memory",
        columns={
            "owner": "identity",
            "id": "neither",
            "text": "content",
            "terms": "derived",
            "digest": "derived",
            "vector": "derived",
            "embedder": "neither",
            "source": "neither",
            "kind": "neither",
            "state": "neither",
            "role": "neither",
            "episode": "neither",
        },
        goes_with="memories",
    ),
    Table(
        store="Notes beside memories on mem0's platform",
        holds="That a memory there is paused, waits for your yes, was deleted a moment ago, or was used. No words.",
        model="memories.PlatformNote",
        columns={"owner": "identity", "memory_id": "neither", "state": "neither", "digest": "derived"},
        goes_with="memories",
    ),
    Table(
        store="What mem0's platform is still reading",
        holds="Ids of what it was asked to read for memories and has not answered yet. No words.",
        model="memories.PlatformEvent",
        columns={"owner": "identity", "event_id": "neither", "message_id": "neither"},
        goes_with="memories",
    ),
    Table(
        store="Moves between engines",
        holds="How many of your memories were moved to or from mem0's platform, and when. No words.",
        model="memories.Move",
        columns={"owner": "identity", "to": "neither"},
        goes_with="account",
    ),
    Table(
        store="Parts of uploaded files",
        holds="What a file you are importing held, until it is written or a day has passed.",
        model="memories.ImportPart",
        columns={"owner": "identity", "kind": "neither", "entries": "content"},
        goes_with="memories",
    ),
    Table(
        store="Uploaded files",
        holds="That you import a file, and what could not be read in it.",
        model="memories.Import",
        columns={"owner": "identity", "id": "neither", "format": "neither", "problems": "content"},
        goes_with="memories",
    ),
    Table(
        store="Messages",
        holds=(
            "What you and the assistant said, what a message still offers to remember, and the ids of the memories "
            "that a reply was given."
        ),
        model="memories.Message",
        columns={
            "owner": "identity",
            "id": "neither",
            "role": "neither",
            "text": "content",
            "reasoning": "content",
            "status": "neither",
            "error": "neither",
            "nonce": "neither",
            "model": "neither",
            "asks": "content",
            "given": "neither",
            "memory_state": "neither",
            "learned": "content",
        },
        goes_with="conversations",
    ),
    Table(
        store="Chats",
        holds="Titles, made from your first words unless you chose one, and settings of each chat.",
        model="memories.Conversation",
        columns={
            "owner": "identity",
            "id": "neither",
            "title": "content",
            "memory_mode": "neither",
            "left_out": "neither",
        },
        goes_with="conversations",
    ),
)
