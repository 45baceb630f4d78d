"""The memories app."""

from django.apps import AppConfig


class MemoriesConfig(AppConfig):
    name = "memories"

    def ready(self) -> None:
        from memories import signing_in, signing_out  # noqa: F401  # connect their receivers
