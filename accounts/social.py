"""Sign-in with an account elsewhere: what is taken from there, and what is not.

Of the other service we keep the name it gives the person (its uid) and nothing else. An address counts only where the
service says that it confirmed it, and never opens an account that is there already: whoever runs, or breaks into, the
other service could walk into anyone's. The owner of the account connects it from inside, after a fresh proof.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ClassVar
from urllib.parse import urlencode, urlsplit

from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialApp
from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_http_methods
from requests import RequestException

from accounts.models import User

View = Callable[..., HttpResponse]
KEPT = ("process", "next")
"""Of the address of a sign-in. allauth would also read there what to ask the other service for, from any link."""


class SocialAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """The site's own choices."""

    error_messages: ClassVar[Any] = {
        **DefaultSocialAccountAdapter.error_messages,
        "no_password": "You sign in with it. Set a password first, so that you can still come in; nothing was changed.",
        "no_verified_email": "Confirm your e-mail address first, so that you can still come in; nothing was changed.",
    }

    def list_apps(self, request: HttpRequest, provider: str | None = None, client_id: str | None = None) -> list[Any]:
        """Those of the settings; allauth would ask the database too, on every page."""
        apps = [
            SocialApp(provider=name, **app)
            for name, service in settings.SOCIALACCOUNT_PROVIDERS.items()
            for app in service["APPS"]
        ]
        return [
            app
            for app in apps
            if (not provider or provider in (app.provider, app.provider_id))
            and (not client_id or app.client_id == client_id)
        ]

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: Any) -> Any:
        """Name, picture and all else stay where they are; of the addresses the first that was confirmed is taken."""
        sociallogin.account.extra_data = {}
        # Some servers write a truth as a word; any other word is no truth.
        confirmed = [address for address in sociallogin.email_addresses if address.verified in (True, "true")]
        sociallogin.email_addresses = confirmed[:1]
        for address in confirmed[:1]:
            address.verified, address.primary, address.email = True, True, address.email.lower()
        sociallogin.user.email = confirmed[0].email if confirmed else ""
        return sociallogin.user

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Lets go of the service's key. Stops where none or somebody's address would make an account."""
        # All was asked with it that is asked. A sign-in that waits for its second step stands in the session whole.
        sociallogin.token = None
        connecting = sociallogin.state.get("process") == "connect"
        if connecting or sociallogin.is_existing or not self.is_open_for_signup(request, sociallogin):
            return
        context = {"service": sociallogin.provider.name, "email": sociallogin.user.email}
        if not sociallogin.user.email:
            raise ImmediateHttpResponse(render(request, "socialaccount/unconfirmed.html", context, status=403))
        if _taken(sociallogin.user.email):
            raise ImmediateHttpResponse(render(request, "socialaccount/taken.html", context, status=409))


def _taken(email: str) -> bool:
    """The service says that this person owns the address, so telling them gives nothing away."""
    accounts = User.objects.filter(email__iexact=email)
    return accounts.exists() or bool(EmailAddress.objects.filter(email__iexact=email, verified=True).exists())


def connected(user: User) -> dict[str, Any]:
    """What the person has connected, by the name of the service."""
    return {account.provider: account for account in SocialAccount.objects.filter(user_id=user.pk)}


def leaving(view: View) -> View:
    """Leads to the other service by a page of ours instead of a redirect: the policy lets forms go nowhere else, and a
    browser counts where the form's answer leads."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def left(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "HEAD":
            # allauth would take it for a yes.
            request.method = "GET"
        kept = {name: request.GET[name] for name in KEPT if name in request.GET}
        request.GET = QueryDict(urlencode(kept))
        try:
            answer = view(request, *args, **kwargs)
        except RequestException:
            return render(request, "socialaccount/away.html", status=503)
        place = answer.headers.get("Location", "")
        if not urlsplit(place).netloc:
            return answer
        return render(request, "socialaccount/login_redirect.html", {"redirect_to": place})

    return left
