"""The forms of wipes and of how long things are kept."""

from __future__ import annotations

from typing import Any

from django import forms

WORD = "wipe"
ACCOUNT_WORDS = "erase my account"

MONTHS = {"": "Until I delete them", "3": "3 months", "12": "12 months", "24": "24 months"}
BASES = {"saved": "after they were saved", "unused": "after they were last used in a reply"}


class WordForm(forms.Form):
    """A word typed by hand: nobody wipes by a slip."""

    def __init__(self, word: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._word = word
        self.fields["word"] = forms.CharField(
            label=f"Type “{word}” to confirm",
            max_length=60,
            strip=True,
            widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
        )

    def clean_word(self) -> str:
        typed: str = self.cleaned_data["word"]
        if " ".join(typed.casefold().strip("“”\"'").split()) != self._word:
            raise forms.ValidationError(f"Nothing was removed. Type “{self._word}”, without the marks, to confirm.")
        return typed


class RetentionForm(forms.Form):
    """How long memories are kept."""

    months = forms.ChoiceField(label="Keep memories", choices=list(MONTHS.items()), required=False)
    basis = forms.ChoiceField(label="Counted", choices=list(BASES.items()), required=False)

    def chosen(self) -> tuple[int | None, str]:
        """Months (None: until deleted) and basis, of a valid form."""
        months = self.cleaned_data["months"]
        return (int(months) if months else None), self.cleaned_data["basis"] or "saved"
