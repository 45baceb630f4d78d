"""The memories app."""

from django.apps import AppConfig


class MemoriesConfig(AppConfig):
    name = "memories"

    def ready(self) -> None:
        from memories import checks, signing_in, signing_out  # noqa: F401  # checks and receivers register themselves
