"""Account pages beside allauth's: proving oneself by e-mail, going on after a proof, ending one session."""

from __future__ import annotations

from typing import Any, cast

from allauth.account.adapter import get_adapter
from allauth.core.internal import ratelimit
from allauth.usersessions.internal.flows.sessions import end_sessions
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import codes, proofs
from accounts.models import User

CODES = {"send": "5/h/user", "type": "20/h/user"}
"""How often codes are sent and typed."""


@require_http_methods(["GET", "HEAD", "POST"])
def prove(request: HttpRequest) -> HttpResponse:
    """For those who have neither password nor second factor; others are led to what they have."""
    methods = get_adapter().get_reauthentication_methods(request.user)
    then = _inside(request)
    if "own" not in methods[0]:
        return redirect(f"{methods[0]['url']}?next={then}")
    if request.method == "POST" and not _allowed(request):
        return cast(HttpResponse, ratelimit.respond_429(request))
    problem = _step(request) if request.method == "POST" else ""
    if problem is None:
        proofs.record_code(request)
        return redirect(then)
    context = {"sent": codes.sent(request), "problem": problem, "next": then}
    return render(request, "account/prove.html", context, status=422 if problem else 200)


def _allowed(request: HttpRequest) -> bool:
    action = "type" if "code" in request.POST else "send"
    return bool(ratelimit.consume(request, app="accounts", action=action, config=CODES, user=request.user))


def _step(request: HttpRequest) -> str | None:
    """What is wrong, "" where a code went out, None where the code was right."""
    if "code" not in request.POST:
        codes.send(request, cast(User, request.user))
        return ""
    return None if codes.right(request, request.POST["code"]) else "That was not the code, or it is too old."


def _inside(request: HttpRequest) -> str:
    asked = request.POST.get("next") or request.GET.get("next") or ""
    return asked if url_has_allowed_host_and_scheme(asked, allowed_hosts=None) else reverse("home")


@require_safe
def go_on(request: HttpRequest) -> HttpResponseBase:
    """Carries out, once, what waited for the proof. A file comes by a second address, so that a page can say so."""
    act = proofs.waiting(request)
    if act is None or not proofs.proved(request):
        messages.info(request, "Nothing was waiting, so nothing was done. Please start again where you were.")
        return redirect("home")
    match = resolve(act["path"])
    if match.view_name in settings.FRESH_PROOF_FILES and "file" not in request.GET:
        return render(request, "account/go_on.html", {"back": act["path"]})
    proofs.waiting(request, take=True)
    request.resolver_match = match
    answer: HttpResponseBase = match.func(proofs.restored(request, act), *match.args, **match.kwargs)
    return answer


@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """Signs one other browser of the person's own out."""
    session: Any = get_object_or_404(UserSession, pk=pk, user=request.user)
    end_sessions(request, [session])
    messages.success(request, "That device is signed out.")
    return redirect("usersessions_list")
