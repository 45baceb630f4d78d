"""The tenant tables. Each row carries its owner; only `memories.storage` and the admin's counts read them."""

from memories.models.activity import Activity, Disclosure, Receipt
from memories.models.base import OwnerState
from memories.models.chat import Conversation, Message, Recall
from memories.models.ledger import Erased
from memories.models.memory import Entity, EntityLink, Memory, MemoryVersion, Tombstone
from memories.models.platform import Move, PlatformErasure, PlatformEvent, PlatformNote
from memories.models.transfer import Import, ImportPart

__all__ = [
    "Activity",
    "Conversation",
    "Disclosure",
    "Entity",
    "EntityLink",
    "Erased",
    "Import",
    "ImportPart",
    "Memory",
    "MemoryVersion",
    "Message",
    "Move",
    "OwnerState",
    "PlatformErasure",
    "PlatformEvent",
    "PlatformNote",
    "Recall",
    "Receipt",
    "Tombstone",
]
