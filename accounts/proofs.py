"""A fresh proof of who one is, before what cannot be undone or gives data away; then the act goes on by itself.

allauth asks for a password, a code or a passkey again. An account that has none of them would pass unasked; here it
gets a code by e-mail. What was interrupted waits in the session, bound to its person, and is carried out once.
"""

from __future__ import annotations

import time
from typing import Any, cast

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.deprecation import MiddlewareMixin
from django.utils.http import urlencode

from accounts.models import Session, User

WAITING = "stepup_waiting"
"""Session key: the act that waits for a proof."""
PATIENCE = 600
"""Seconds that it waits."""


class FreshProofMiddleware(MiddlewareMixin):
    """Stops a request to a guarded route until a proof was given within ACCOUNT_REAUTHENTICATION_TIMEOUT."""

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """After the check against forged requests: only what the person sent themselves is ever kept waiting."""
        match = request.resolver_match
        if request.user.is_authenticated:
            _drop_old(request)
        if match is None or not request.user.is_authenticated or not _guarded(request, match.view_name):
            return None
        return None if proved(request) else ask(request)


def _drop_old(request: HttpRequest) -> None:
    """What waited in vain: it may hold words, such as what a list was searched for before it was to be exported."""
    act = request.session.get(WAITING)
    if act and time.time() > act["until"]:
        del request.session[WAITING]


def _guarded(request: HttpRequest, name: str) -> bool:
    if name in settings.FRESH_PROOF_PAGES:
        return True
    if name in settings.FRESH_PROOF_POSTS:
        return request.method == "POST"
    # allauth's own pages ask by themselves, except where there is nothing they could ask for.
    if name in settings.FRESH_PROOF_FACTORS:
        return "own" in get_adapter().get_reauthentication_methods(request.user)[0]
    return False


def proved(request: HttpRequest) -> bool:
    """Whether this very session gave a proof lately; signing in does not count as one."""
    records = get_authentication_records(request, cast(User, request.user))
    times = [record["at"] for record in records if record.get("reauthenticated")]
    return bool(times) and 0 <= time.time() - times[-1] < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def ask(request: HttpRequest) -> HttpResponse:
    """Puts the act aside and leads to the page that asks. A new password is not put aside: sessions stand in the
    database as they are, so its form comes again."""
    match = request.resolver_match
    kept = request.method == "POST" and not (match and match.view_name in settings.FRESH_PROOF_PAGES)
    request.session[WAITING] = {
        "path": request.path,
        "query": request.GET.urlencode(),
        "post": request.POST.urlencode() if kept else None,
        "user": request.user.pk,
        "until": time.time() + PATIENCE,
    }
    methods = get_adapter().get_reauthentication_methods(request.user)
    url = f"{methods[0]['url']}?{urlencode({REDIRECT_FIELD_NAME: reverse('go_on')})}"
    if request.headers.get("HX-Request"):
        # A part of a page cannot ask; the browser is sent there as a whole.
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return redirect(url)


def waiting(request: HttpRequest, *, take: bool = False) -> dict[str, Any] | None:
    """The act that waits, if it is this person's and not too old; `take` takes it out, so that it happens once."""
    act = request.session.get(WAITING)
    if act and take:
        del request.session[WAITING]
        # Written at once: a second click finds nothing.
        request.session.save()
    if not act or act["user"] != request.user.pk or time.time() > act["until"]:
        return None
    return cast(dict[str, Any], act)


def drop_waiting(person: int) -> None:
    """Takes what waits out of every session of this person's, for a wipe: an export may wait with the words that its
    list was searched for, and a session that nobody comes back to lasts two weeks."""
    for row in Session.objects.filter(account_id=person):
        data = row.get_decoded()
        if data.pop(WAITING, None):
            kept = row.get_session_store_class()().encode(data)
            Session.objects.filter(pk=row.pk).update(session_data=kept)


def restored(request: HttpRequest, act: dict[str, Any]) -> HttpRequest:
    """The request as it was sent. Its forgery check was passed then; this one carries no token."""
    changed: Any = request
    changed.method = "POST" if act["post"] is not None else "GET"
    changed.path = changed.path_info = act["path"]
    changed.GET = QueryDict(act["query"])
    changed.POST = QueryDict(act["post"] or "")
    changed._files = MultiValueDict()
    changed.csrf_processing_done = True
    return request


def record_code(request: HttpRequest) -> None:
    """A code from the mailbox was right."""
    record_authentication(request, cast(User, request.user), method="code", reauthenticated=True)
