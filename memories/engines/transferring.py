"""The embedded engine's part for files that come in."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Sequence

from memories.errors import QuotaExceeded
from memories.models import ImportPart, OwnerState
from memories.owner import Owner
from memories.storage.activity import ActivityLog
from memories.storage.arriving import Arriving, Coming
from memories.storage.digests import digest
from memories.storage.importing import Importing, chat_of, entry_of
from memories.storage.memories import MemoryRows, NewMemory
from memories.storage.owner_scope import reading, writing
from memories.storage.preferences import quota_of
from memories.storage.tombstones import Tombstones
from memories.transfer_types import Entry, Import, Parsed
from memories.types import Source


@dataclasses.dataclass(slots=True)
class Weighed:
    """What would become of some entries."""

    coming: list[tuple[Entry, str]] = dataclasses.field(default_factory=list)
    """To be written, each with its digest."""
    known: int = 0
    forgotten: int = 0


class Transferring:
    """Implements the part of `memories.engines.curator.Curator` that takes files; see there."""

    _owner: Owner
    _log: ActivityLog
    _rows: MemoryRows
    _tombstones: Tombstones

    def _fresh(self, texts: Sequence[str], source: Source) -> list[NewMemory]:
        raise NotImplementedError

    def receive(self, parsed: Parsed) -> Import:
        """See Curator.receive."""
        with writing(self._owner, bump=False):
            job_id = Importing(self._owner).receive(parsed)
        return self.import_state(job_id)

    def import_state(self, job_id: uuid.UUID) -> Import:
        """See Curator.import_state."""
        with reading(self._owner):
            jobs = Importing(self._owner)
            job = jobs.row(job_id)
            if job.started:
                return jobs.value(job)
            # A newcomer has no row of their own before their first write; receiving the file was one.
            state = OwnerState.objects.get(owner_id=self._owner.pk)
            room = max(0, quota_of(state) - self._rows.all().count())
            seen: set[str] = set()
            weighed = [self._weigh(state, part, seen, bring_back=False) for part in jobs.parts(job, "memories")]
            return jobs.value(
                job,
                room=room,
                new=sum(len(part.coming) for part in weighed),
                known=sum(part.known for part in weighed),
                forgotten=sum(part.forgotten for part in weighed),
            )

    def start_import(self, job_id: uuid.UUID, *, bring_back: bool) -> Import:
        """See Curator.start_import."""
        preview = self.import_state(job_id)
        if preview.step != "preview":
            return preview
        wanted = preview.new + (preview.forgotten if bring_back else 0)
        if wanted > preview.room:
            raise QuotaExceeded(
                f"This file holds {wanted:,} new memories and there is room for {preview.room:,}. Nothing was "
                "imported; delete what you no longer need, or import a smaller file."
            )
        with writing(self._owner, bump=False):
            jobs = Importing(self._owner)
            jobs.start(jobs.row(job_id), bring_back)
        return self.continue_import(job_id)

    def continue_import(self, job_id: uuid.UUID) -> Import:
        """See Curator.continue_import. The embedder runs before the transaction."""
        jobs = Importing(self._owner)
        with reading(self._owner):
            job = jobs.row(job_id)
            part = jobs.next_part(job) if job.started else None
        if part is None:
            return self.import_state(job_id)
        entries = [entry_of(fields) for fields in part.entries] if part.kind == "memories" else []
        fresh = self._fresh([entry.text for entry in entries], "imported") if entries else []
        with writing(self._owner) as state:
            if jobs.is_there(part):
                self._write(jobs, part, state, entries, fresh, job.bring_back)
        return self.import_state(job_id)

    def drop_import(self, job_id: uuid.UUID) -> None:
        """See Curator.drop_import."""
        with writing(self._owner, bump=False):
            Importing(self._owner).drop(job_id)

    # --- Inside -------------------------------------------------------------------------------------------------------
    def _write(
        self,
        jobs: Importing,
        part: ImportPart,
        state: OwnerState,
        entries: Sequence[Entry],
        fresh: Sequence[NewMemory],
        bring_back: bool,
    ) -> None:
        arriving = Arriving(self._owner, part.job_id)
        if part.kind == "chats":
            jobs.finish(part, chats=arriving.write_chats([chat_of(fields) for fields in part.entries]))
            return
        if part.kind == "marks":
            arriving.write_marks(part.entries)
            jobs.finish(part)
            return
        weighed = self._weigh(state, entries, set(), bring_back=bring_back)
        computed = {id(entry): new for entry, new in zip(entries, fresh, strict=True)}
        history = self._forgotten_history(state, [entry for entry, _ in weighed.coming], bring_back=bring_back)
        coming: list[Coming] = [(_without(entry, history), computed[id(entry)], key) for entry, key in weighed.coming]
        self._check_room(state, len(coming))
        self._tombstones.lift(key for _, _, key in coming)
        arriving.write(coming)
        jobs.finish(part, saved=len(coming), known=weighed.known, forgotten=weighed.forgotten)
        if coming:
            self._log.append("imported", count=len(coming))

    def _weigh(self, state: OwnerState, entries: Sequence[Entry], seen: set[str], *, bring_back: bool) -> Weighed:
        """Sorts entries into new, known and forgotten; `seen` gathers what earlier entries of the file said."""
        keyed = [(entry, digest(state.digest_key, entry.text)) for entry in entries]
        known = self._rows.with_digests({key for _, key in keyed})
        refused = set() if bring_back else self._tombstones.among({key for _, key in keyed})
        there = Arriving(self._owner, self._owner.namespace).ids_there(entries)
        found = Weighed()
        for entry, key in keyed:
            if key in known or key in seen or entry.id in there:
                found.known += 1
            elif key in refused:
                found.forgotten += 1
            else:
                found.coming.append((entry, key))
                seen.add(key)
        return found

    def _forgotten_history(self, state: OwnerState, entries: Sequence[Entry], *, bring_back: bool) -> set[str]:
        """Earlier texts in the file that the person once had forgotten: one press would bring them back from there."""
        if bring_back:
            return set()
        key = bytes(state.digest_key)
        texts = {text: digest(key, text) for entry in entries for _, text, _ in entry.versions}
        refused = self._tombstones.among(texts.values()) if texts else set()
        return {text for text, mark in texts.items() if mark in refused}

    def _check_room(self, state: OwnerState, more: int) -> None:
        if more and self._rows.all().count() + more > quota_of(state):
            raise QuotaExceeded(
                "Your memory became full while the file was being imported. What was imported so far is kept, nothing "
                "was dropped; delete what you no longer need and continue."
            )


def _without(entry: Entry, forgotten: set[str]) -> Entry:
    """The entry without these earlier texts; the others keep their numbers."""
    kept = tuple(version for version in entry.versions if version[1] not in forgotten)
    return entry if len(kept) == len(entry.versions) else dataclasses.replace(entry, versions=kept)
