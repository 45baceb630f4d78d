"""How often one person, and one network, may do what costs most. Nobody's use counts against anyone else."""

from __future__ import annotations

import dataclasses
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import resolve
from django.utils.deprecation import MiddlewareMixin

from accounts.models import User
from accounts.proofs import waiting
from memories.owner import owner_of
from memories.scoped_cache import Name, within_limit
from memsite.limits import Rate, network_of, within

NETWORK = 10
"""So many people may share a network before they notice."""


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Limit:
    """One kind of act."""

    name: Name
    rate: Rate
    posts: frozenset[str] = frozenset()
    """Routes whose POST counts."""
    queries: tuple[tuple[str, str], ...] = ()
    """Routes that count when this part of the address is filled in."""

    def covers(self, method: str, route: str, query: QueryDict) -> bool:
        if method == "POST":
            return route in self.posts
        return any(route == name and query.get(part, "").strip() for name, part in self.queries)


def _routes(*names: str) -> frozenset[str]:
    return frozenset(f"memories:{name}" for name in names)


LIMITS = (
    Limit(name="turns", rate=Rate(30, 60), posts=_routes("chat", "conversation", "again", "edit_turn", "learn")),
    Limit(
        name="searches",
        rate=Rate(60, 60),
        posts=_routes("conversations"),
        queries=(("memories:data", "q"), ("memories:topic", "topic"), ("memories:conversations", "words")),
    ),
    Limit(name="exports", rate=Rate(10, 3600), posts=_routes("export", "activity_export")),
    Limit(name="imports", rate=Rate(20, 3600), posts=_routes("import")),
    # Everything that programs ask, each time; searches, exports and turns of theirs count above as well.
    Limit(name="programs", rate=Rate(300, 60)),
)


class LimitMiddleware(MiddlewareMixin):
    """Answers 429 in words, and when to come back. Stands after the check against forged requests, so that no other
    site can use a person's share up."""

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or not settings.LIMITS or not request.user.is_authenticated:
            return None
        method, route = _act(request, match.view_name)
        limit = next((limit for limit in LIMITS if limit.covers(method, route, request.GET)), None)
        return None if limit is None or _allowed(request, limit) else refused(request, limit.rate)


def _act(request: HttpRequest, route: str) -> tuple[str, str]:
    """Method and route of what is about to be done: what waited for a proof counts when it goes on, under the address
    of the page that carries it out."""
    act = waiting(request) if route == "go_on" else None
    awaited = resolve(act["path"]).view_name if act and act["post"] is not None else ""
    # Before a file comes a page says that it will.
    if awaited and (awaited not in settings.FRESH_PROOF_FILES or "file" in request.GET):
        return "POST", awaited
    return request.method or "", route


def wait(request: HttpRequest, name: Name) -> int:
    """Counts one use of this kind by who came with a key; 0, or the seconds until there are more."""
    limit = next(limit for limit in LIMITS if limit.name == name)
    return 0 if not settings.LIMITS or _allowed(request, limit) else limit.rate.left()


def _allowed(request: HttpRequest, limit: Limit) -> bool:
    rate, times = limit.rate, settings.LIMITS
    owner = owner_of(cast(User, request.user))
    if not within_limit(owner, limit.name, most=rate.most * times, seconds=rate.seconds):
        return False
    return within(limit.name, network_of(request), Rate(rate.most * times * NETWORK, rate.seconds))


def refused(request: HttpRequest, rate: Rate) -> HttpResponse:
    """The page, or one line for a script."""
    left = rate.left()
    if request.headers.get("HX-Request") or request.headers.get("X-Chat"):
        response = HttpResponse("That was a lot at once. Wait a moment, then try again.", content_type="text/plain")
        response.status_code = 429
    else:
        response = render(request, "429.html", {"minutes": -(-left // 60)}, status=429)
    response.headers["Retry-After"] = str(left)
    return response
