"""`manage.py agent`: the tutorial, its breakage and the fix."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError

from memories.scoped import ScopedMemory
from memories.throwaway import throwaway_accounts
from memories.tutorial import Step, ten_steps, without_the_scope
from memsite.commands import SiteCommand


class Command(SiteCommand):
    help = "Runs the tutorial's ten steps for two temporary people, shows what breaks without a scope, and the fix."

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit status 0 only when isolation held at every step and the breakage was really shown."""
        with throwaway_accounts("u_alice", "u_bob") as (alice, bob):
            self.stdout.write(self.style.MIGRATE_HEADING("An agent with a memory, for two people"))
            steps = [self._shown(step) for step in ten_steps(ScopedMemory(alice), ScopedMemory(bob))]
        self.stdout.write(self.style.MIGRATE_HEADING("\nThe breakage: the scope left out of one call"))
        broken = self._shown(without_the_scope())
        self.stdout.write(self.style.MIGRATE_HEADING("\nThe fix"))
        self.stdout.write(
            "  ScopedMemory(user) is the only door: it cannot be built without a signed-in user, and no verb takes\n"
            "  another's id. The scope cannot be forgotten, because there is nothing to remember."
        )
        if not all(step.held for step in steps):
            raise CommandError("Isolation did not hold.")
        if broken.held:
            raise CommandError("The unscoped store leaked nothing: the breakage was not shown.")
        self.stdout.write(self.style.SUCCESS("\nIsolation held at every step, and the breakage was shown."))

    def _shown(self, step: Step) -> Step:
        mark = self.style.SUCCESS("held  ") if step.held else self.style.ERROR("LEAKED")
        self.stdout.write(f"  {mark} {step.title}")
        for line in step.seen or ("(nothing)",):
            self.stdout.write(f"           {line}")
        return step
