"""Pages of the administration that are not lists: the acts upon an account, and the dashboard."""

from __future__ import annotations

import datetime as dt
import statistics
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.safestring import SafeString

from accounts.models import User
from memories import charts
from memories.administration import ACTS, carry_out
from memories.errors import MemoriesError
from memories.storage import everyone

DAYS = 14
"""Of the plots."""
REPLIES = 5000
"""The newest ones that the model's plot reads."""


class ReasonForm(forms.Form):
    """Why; the person reads it word for word."""

    reason = forms.CharField(
        max_length=200,
        min_length=5,
        help_text="They read this word for word.",
        error_messages={"min_length": "Nothing was done. Say why in five characters or more: they read it."},
    )


class QuotaForm(ReasonForm):
    number = forms.IntegerField(label="Memories", min_value=1, max_value=1_000_000, required=False)


def act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """The form of one act, and the act."""
    person = get_object_or_404(User, pk=pk)
    if name not in ACTS:
        raise Http404
    if not _may(request, person):
        raise PermissionDenied
    chosen, problem = ACTS[name], ""
    kind = QuotaForm if chosen.number else ReasonForm
    form = kind(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            told = carry_out(name, person, form.cleaned_data["reason"], form.cleaned_data.get("number"))
        except MemoriesError as error:
            problem = str(error)
        else:
            recorded(request, person, f"{chosen.title}: {form.cleaned_data['reason']}")
            _say(request, chosen.title, person, told)
            return redirect("admin:accounts_user_change", person.pk)
    context = {**admin.site.each_context(request), "title": chosen.title, "act": chosen, "person": person, "form": form}
    status = 422 if problem or form.is_bound else 200
    return render(request, "admin/accounts/user/act.html", {**context, "problem": problem}, status=status)


def _say(request: HttpRequest, title: str, person: User, told: bool) -> None:
    if told:
        messages.success(request, f"{title}: done, and told to {person.email}.")
        return
    lost = f"the e-mail to {person.email} could not be sent. They find your reason in their activity log."
    messages.warning(request, f"{title}: done, but {lost} Write to them another way.")


def _may(request: HttpRequest, person: User) -> bool:
    """Who may change accounts; those of other administrators only superusers."""
    user: Any = request.user
    if not user.has_perm("accounts.change_user"):
        return False
    return bool(user.is_superuser or not (person.is_staff or person.is_superuser))


def recorded(request: HttpRequest, person: User, words: str) -> None:
    """In the administrators' own log, which says who of them it was."""
    LogEntry.objects.create(
        user_id=int(request.user.pk or 0),
        content_type=ContentType.objects.get_for_model(User),
        object_id=str(person.pk),
        object_repr=str(person)[:200],
        action_flag=CHANGE,
        change_message=words,
    )


def dashboard(request: HttpRequest) -> HttpResponse:
    """Plots drawn on the server: people, memories, what waits to be learned, failures, and how fast the model is."""
    if not request.user.has_perm("accounts.view_user"):
        raise PermissionDenied
    start = timezone.now() - dt.timedelta(days=DAYS - 1)
    days = [(start + dt.timedelta(days=more)).date() for more in range(DAYS)]
    now = dict(everyone.ask("site_numbers"))
    now["overdue"] = everyone.ask("waiting_since", moment=timezone.now() - dt.timedelta(minutes=10))[0][0]
    replies = _replies(start)
    joined = User.objects.filter(date_joined__gte=start.replace(hour=0, minute=0)).values_list("date_joined", flat=True)
    saved = dict(everyone.ask("saved_by_day", moment=start))
    plots = [
        _plot("people", "New people", f"{User.objects.count():,} in all.", days, _per_day(joined)),
        _plot("memories", "Memories saved", f"{now['memories']:,} in all.", days, saved),
        _backlog(now),
        _plot("failures", "Replies that failed", "Each day.", days, _per_day([at for at, _, bad in replies if bad])),
        _plot("latency", "How long the model takes", "Median of a day, in milliseconds.", days, _latency(replies)),
    ]
    return render(
        request, "admin/dashboard.html", {**admin.site.each_context(request), "title": "Dashboard", "plots": plots}
    )


def _plot(
    name: str, title: str, words: str, days: Sequence[dt.date], counts: Mapping[str, int]
) -> dict[str, str | SafeString | list[tuple[str, int]]]:
    rows = [(f"{day:%-d %b}", counts.get(day.isoformat(), 0)) for day in days]
    told = f"{title}: {', '.join(f'{label} {count}' for label, count in rows if count) or 'none'}."
    chart = charts.columns(
        name, [label for label, _ in rows], [count for _, count in rows], title=title, description=told
    )
    return {"title": title, "words": words, "chart": chart, "rows": rows}


def _backlog(now: Mapping[str, int]) -> dict[str, Any]:
    parts = {"Waiting": now["pending"], "Overdue": now["overdue"], "Given up": now["unlearned"]}
    words = "Turns still to be read for memories. Overdue: waiting for more than ten minutes."
    told = ", ".join(f"{name} {count}" for name, count in parts.items())
    chart = charts.bars("backlog", parts, title="Learning", description=told)
    return {"title": "Learning", "words": words, "chart": chart, "rows": list(parts.items())}


def _replies(start: dt.datetime) -> list[tuple[dt.datetime, float, bool]]:
    """When each began, its seconds, and whether it failed."""
    rows = everyone.ask("replies_since", moment=start, most=REPLIES)
    return [(read_moment(a), (read_moment(b) - read_moment(a)).total_seconds(), bool(failed)) for a, b, failed in rows]


def read_moment(value: Any) -> dt.datetime:
    """SQLite tells moments as text in UTC."""
    moment = dt.datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.timezone.utc)  # noqa: UP017


def _per_day(moments: Any) -> dict[str, int]:
    counts: dict[str, int] = {}
    for moment in moments:
        day = moment.date().isoformat()
        counts[day] = counts.get(day, 0) + 1
    return counts


def _latency(replies: Sequence[tuple[dt.datetime, float, bool]]) -> dict[str, int]:
    by_day: dict[str, list[float]] = {}
    for at, seconds, failed in replies:
        if not failed:
            by_day.setdefault(at.date().isoformat(), []).append(seconds)
    return {day: round(statistics.median(took) * 1000) for day, took in by_day.items()}
