"""What must agree whatever killed the server: the log with what is there, receipts with wipes, marks with what went.

Each line says of two things that they are written in one transaction. Where one of them is there without the other,
something was committed in part.
"""

from __future__ import annotations

from collections.abc import Iterable

from memories.storage.digests import digest
from tests.faults.site import Site

MINE = "owner_id = 1"


def balanced(site: Site) -> int:
    """Of the owner, who began with nothing. How many copies of everything the log tells of."""
    log = {
        verb: (lines, int(count or 0))
        for verb, lines, count in site.rows(
            f"SELECT verb, COUNT(*), SUM(count) FROM memories_activity WHERE {MINE} GROUP BY verb"
        )
    }

    def told(*verbs: str, counted: bool = True) -> int:
        return sum(log.get(verb, (0, 0))[counted] for verb in verbs)

    there = _number(site, f"SELECT COUNT(*) FROM memories_memory WHERE {MINE} AND held_until IS NULL")
    assert told("saved", "learned") - told("deleted", "wiped", "wiped_all") == there, ("the log tells otherwise", log)
    wipes = told("wiped", "wiped_all", counted=False)
    assert _number(site, f"SELECT COUNT(*) FROM memories_receipt WHERE {MINE}") == wipes, "receipts are not wipes"
    assert _number(site, f"SELECT COALESCE(SUM(epoch), 0) FROM memories_ownerstate WHERE {MINE}") == wipes, "epochs"
    assert not site.rows(CORRECTED), "a correction without its line in the log, or the other way round"
    assert not site.rows(USED), "a memory counts other uses than it has"
    assert not site.rows(RECALLED), "a reply was given memories that the log does not tell of"
    assert not site.rows(EMPTY), "a conversation in which nothing was said"
    return told("exported", counted=False)


CORRECTED = f"""
    SELECT m.id FROM memories_memory AS m WHERE m.{MINE} AND m.version - 1 <>
    (SELECT COUNT(*) FROM memories_activity AS a WHERE a.{MINE} AND a.verb = 'edited' AND a.object_id = m.id)"""
USED = f"""
    SELECT m.id FROM memories_memory AS m WHERE m.{MINE} AND m.use_count <>
    (SELECT COUNT(*) FROM memories_recall AS r WHERE r.{MINE} AND r.memory_id = m.id AND r.relation = 'used')"""
RECALLED = f"""
    SELECT r.message_id FROM memories_recall AS r WHERE r.{MINE} AND r.relation = 'used' GROUP BY r.message_id
    HAVING COUNT(*) > (SELECT COALESCE(SUM(a.count), 0) FROM memories_activity AS a
                       WHERE a.{MINE} AND a.verb = 'recalled' AND a.object_id = r.message_id)"""
EMPTY = f"""
    SELECT c.id FROM memories_conversation AS c WHERE c.{MINE} AND NOT EXISTS
    (SELECT 1 FROM memories_message AS t WHERE t.conversation_id = c.id)"""


def forgotten(site: Site, texts: Iterable[str]) -> set[str]:
    """Which of these there are marks of."""
    keys = [bytes(key) for (key,) in site.rows(f"SELECT digest_key FROM memories_ownerstate WHERE {MINE}")]
    marks = {mark for (mark,) in site.rows(f"SELECT digest FROM memories_tombstone WHERE {MINE}")}
    return {text for key in keys for text in texts if digest(key, text) in marks}


def _number(site: Site, sql: str) -> int:
    [(found,)] = site.rows(sql)
    return int(found)
