"""The forms of "Your data". They check shapes; what may be kept is decided at the door."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone

from memories.record_types import ActivityFilter
from memories.types import Filter
from memories.validation import MAX_TEXT

ORDERS = {"newest": "Newest first", "oldest": "Oldest first", "most used": "Most used first"}


def _day() -> forms.DateField:
    return forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


def _midnight(day: dt.date | None, *, days_later: int = 0) -> dt.datetime | None:
    """The moment a day begins, here; None for none, and for one beyond the calendar."""
    try:
        moment = dt.datetime.combine(day + dt.timedelta(days=days_later), dt.time.min) if day else None
        return timezone.make_aware(moment) if moment else None
    except OverflowError:
        return None


class BrowseForm(forms.Form):
    """What the address of the list says. A value that makes no sense is left out, so that an old link still opens."""

    q = forms.CharField(required=False, strip=True)
    source = forms.ChoiceField(required=False, choices=[(v, v) for v in ("chat", "typed", "imported", "program")])
    kind = forms.ChoiceField(required=False, choices=[(v, v) for v in ("stated", "inferred")])
    state = forms.ChoiceField(required=False, choices=[(v, v) for v in ("active", "paused", "review")])
    expiring = forms.ChoiceField(required=False, choices=[("1", "1")])
    since = _day()
    until = _day()
    order = forms.ChoiceField(required=False, choices=list(ORDERS.items()))
    page = forms.IntegerField(required=False, min_value=1, max_value=1_000_000)

    def clean(self) -> None:
        """A span that was given backwards is the same span."""
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and until < since:
            self.cleaned_data["since"], self.cleaned_data["until"] = until, since

    def read(self) -> dict[str, Any]:
        """The values that are there and make sense."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def chosen(self) -> Filter:
        """The same as a filter; the last day is included."""
        found = self.read()
        return Filter(
            source=found.get("source"),
            kind=found.get("kind"),
            state=found.get("state"),
            since=_midnight(found.get("since")),
            until=_midnight(found.get("until"), days_later=1),
            expiring="expiring" in found,
        )


class MemoryForm(forms.Form):
    """A memory's text; the version it was read at where it is being changed."""

    # One more than fits, so that the door says how many there are.
    text = forms.CharField(
        label="Memory",
        strip=False,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": MAX_TEXT}),
    )
    version = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)


class ExpiryForm(forms.Form):
    """The last day on which a memory may be used; empty for no end."""

    until = forms.DateField(
        label="Use it until",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="The last day. It stays on your list afterwards, but is not used in replies any more.",
        error_messages={"invalid": "Write the day as year-month-day, such as 2030-05-31."},
    )

    def moment(self) -> dt.datetime | None:
        """The end of that day."""
        return _midnight(self.cleaned_data["until"], days_later=1)


class SwitchesForm(forms.Form):
    """The three switches; one that is not sent is off, as browsers do."""

    use_memories = forms.BooleanField(required=False, label="Use my memories in replies")
    learn = forms.BooleanField(required=False, label="Learn from my chats")
    ask_first = forms.BooleanField(required=False, label="Ask me before saving what you infer")


class UndoForm(forms.Form):
    """What was deleted together is known by the moment its grace ends."""

    moment = forms.CharField(max_length=40)

    def clean_moment(self) -> dt.datetime:
        try:
            moment = dt.datetime.fromisoformat(self.cleaned_data["moment"])
            return moment.astimezone(dt.UTC)
        except (ValueError, OverflowError) as error:
            raise forms.ValidationError("This is not a moment.") from error


class TopicForm(forms.Form):
    """What is to be forgotten, in words."""

    topic = forms.CharField(label="Forget everything about", max_length=500, required=False)


class VersionForm(forms.Form):
    """Which earlier text to bring back, and the version the page was read at."""

    number = forms.IntegerField(min_value=1, max_value=1_000_000)
    version = forms.IntegerField(required=False, min_value=1)


class ExportForm(forms.Form):
    """What to take, and how."""

    format = forms.ChoiceField(choices=[("json", "JSON"), ("csv", "CSV"), ("markdown", "Markdown")], initial="json")
    conversations = forms.BooleanField(required=False)


class ImportForm(forms.Form):
    """A file."""

    file = forms.FileField(
        label="File",
        allow_empty_file=True,
        error_messages={"required": "Choose a file first.", "max_length": "The file's name is too long."},
    )


class StartForm(forms.Form):
    """The yes to an import."""

    bring_back = forms.BooleanField(required=False)


class ActivityForm(forms.Form):
    """What the address of the log says; as BrowseForm."""

    verb = forms.CharField(required=False, max_length=20)
    actor = forms.ChoiceField(required=False, choices=[(v, v) for v in ("self", "admin", "site")])
    since = _day()
    until = _day()
    page = forms.IntegerField(required=False, min_value=1, max_value=1_000_000)

    def read(self) -> dict[str, Any]:
        """The values that are there and make sense."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def chosen(self) -> ActivityFilter:
        """The same as a filter."""
        found = self.read()
        return ActivityFilter(
            verb=found.get("verb", "").replace("\x00", ""),
            actor=found.get("actor", ""),
            since=_midnight(found.get("since")),
            until=_midnight(found.get("until"), days_later=1),
        )
