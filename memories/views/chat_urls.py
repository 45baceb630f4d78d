"""The routes of the chat."""

from __future__ import annotations

from django.urls import URLPattern, path

from memories.views import chat, chat_memories, chat_rooms, chat_turns

_ROOM = "chat/<uuid:conversation_id>/"
_TURN = _ROOM + "turns/<uuid:message_id>/"
_MEMORY = _TURN + "memories/<uuid:memory_id>/"

chat_urlpatterns: list[URLPattern] = [
    path("chat/", chat.chat, name="chat"),
    path("chat/all/", chat_rooms.conversations, name="conversations"),
    path("chat/connect/", chat_rooms.connect, name="connect"),
    # /chat/<conversation>/
    path(_ROOM, chat.chat, name="conversation"),
    path(_ROOM + "rename/", chat_rooms.rename, name="rename"),
    path(_ROOM + "delete/", chat_rooms.delete, name="delete_conversation"),
    path(_ROOM + "memory/", chat_rooms.set_mode, name="chat_memory"),
    path(_ROOM + "leave/", chat_rooms.leave, name="leave"),
    path(_ROOM + "stop/", chat_turns.stop, name="stop"),
    # /chat/<conversation>/turns/<turn>/
    path(_TURN, chat_turns.turn, name="turn"),
    path(_TURN + "stream/", chat.stream, name="stream"),
    path(_TURN + "again/", chat_turns.again, name="again"),
    path(_TURN + "edit/", chat_turns.edit, name="edit_turn"),
    path(_TURN + "learn/", chat_turns.learn, name="learn"),
    path(_TURN + "offer/", chat_turns.offer, name="offer"),
    # /chat/<conversation>/turns/<turn>/memories/<memory>/
    path(_MEMORY + "forget/", chat_memories.forget, name="chat_forget"),
    path(_MEMORY + "undo/", chat_memories.undo, name="chat_undo"),
    path(_MEMORY + "edit/", chat_memories.correct, name="chat_correct"),
    path(_MEMORY + "keep/", chat_memories.keep, name="chat_keep"),
    path(_MEMORY + "leave-out/", chat_memories.leave_out, name="leave_out"),
]
