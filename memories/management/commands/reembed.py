"""`manage.py reembed`: makes every memory's vector anew with the embedder in use."""

from __future__ import annotations

from typing import Any

from tqdm import tqdm

from memories.engines.embedding import chosen_embedder
from memories.storage.reembedding import behind, reembed
from memsite.commands import SiteCommand


class Command(SiteCommand):
    help = "Brings memories that another embedder made over to the one in use. Safe to stop and to run again."

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints how many were brought over; the bar counts memories."""
        embedder = chosen_embedder()
        waiting = behind(embedder)
        with tqdm(total=sum(count for _, count in waiting), unit=" memories", disable=not waiting) as bar:
            for owner, _ in waiting:
                for done in reembed(owner, embedder):
                    bar.update(done)
            brought = bar.n if waiting else 0
        self.stdout.write(self.style.SUCCESS(f"{brought:,} memories brought over to {embedder.name}."))
