"""What the chat's forms may hold."""

from __future__ import annotations

from typing import get_args

from django import forms

from memories.chat_types import Mode
from memories.errors import InvalidText
from memories.validation import valid_text

LONGEST_TITLE = 120
"""Characters in a conversation's name."""
MODES = [(mode, mode) for mode in get_args(Mode)]


def _checked(text: str, what: str) -> str:
    try:
        return valid_text(text, what=what)
    except InvalidText as error:
        raise forms.ValidationError(str(error)) from error


def problem_of(form: forms.Form) -> str:
    """The first thing that is wrong, in words."""
    return next((str(error) for errors in form.errors.values() for error in errors), InvalidText.default)


class MessageForm(forms.Form):
    """The composer."""

    # Not stripped and not required here: the one check of texts says what is wrong, in words.
    message = forms.CharField(required=False, strip=False)
    memory = forms.ChoiceField(choices=MODES, required=False)
    nonce = forms.CharField(max_length=64, required=False)

    def clean_message(self) -> str:
        """The text as it will be kept."""
        return _checked(self.cleaned_data["message"], "message")

    def clean_memory(self) -> str:
        """The mode of a new conversation."""
        return self.cleaned_data["memory"] or "on"


class TitleForm(forms.Form):
    """A conversation's name."""

    # No length in the page: a browser would cut off what is pasted, without a word.
    title = forms.CharField(label="Name", widget=forms.TextInput(attrs={"autofocus": True}))

    def clean_title(self) -> str:
        """The name as it will be kept."""
        title = " ".join(_checked(self.cleaned_data["title"], "name").split())
        if len(title) > LONGEST_TITLE:
            raise forms.ValidationError(
                f"This is too long: a name holds up to {LONGEST_TITLE} characters, this has {len(title)}."
            )
        return title


class ModeForm(forms.Form):
    """Memory on or off for a conversation that exists."""

    mode = forms.ChoiceField(choices=[("on", "on"), ("off", "off")])


class SearchForm(forms.Form):
    """Words to look for in conversations."""

    words = forms.CharField(
        max_length=200,
        required=False,
        error_messages={"max_length": "A search holds up to %(limit_value)d characters, this has %(show_value)d."},
    )


class CorrectionForm(forms.Form):
    """A new text for a memory, and the version that was read."""

    text = forms.CharField(required=False, strip=False)
    version = forms.IntegerField(min_value=1)

    def clean_text(self) -> str:
        """The text as it will be kept."""
        return _checked(self.cleaned_data["text"], "memory")


class OfferForm(forms.Form):
    """The answer to an offer under a turn."""

    refused = forms.IntegerField(min_value=0, required=False)
    newer = forms.UUIDField(required=False)
    older = forms.UUIDField(required=False)
    answer = forms.ChoiceField(choices=[(word, word) for word in ("remember", "leave", "replace", "both")])


class DeletionForm(forms.Form):
    """What happens to the memories of a conversation that goes."""

    memories = forms.ChoiceField(choices=[("keep", "keep"), ("delete", "delete"), ("choose", "choose")])
    chosen = forms.MultipleChoiceField(required=False)

    def __init__(self, *args: object, ids: list[str], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["chosen"].choices = [(key, key) for key in ids]  # type: ignore[attr-defined]
