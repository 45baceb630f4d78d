"""The account pages: allauth's, and ours beside them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import include, path

from accounts import views


def social_routes(services: dict[str, Any]) -> list[Any]:
    """Sign-in with an account elsewhere, for the services that are named in the settings; none, no route."""
    if not services:
        return []
    from allauth.socialaccount import views as social
    from allauth.socialaccount.providers.github import views as github
    from allauth.socialaccount.providers.google import views as google
    from allauth.socialaccount.providers.openid_connect import views as openid

    from accounts.social import leaving

    own = {"google": google, "github": github}
    # allauth's page that would ask for an address is left out: only a confirmed one makes an account.
    routes: list[Any] = [
        path("elsewhere/", social.connections, name="socialaccount_connections"),
        path("elsewhere/stopped/", social.login_cancelled, name="socialaccount_login_cancelled"),
    ]
    for name in own.keys() & services.keys():
        routes.append(path(f"with/{name}/", leaving(own[name].oauth2_login), name=f"{name}_login"))
        routes.append(path(f"with/{name}/back/", own[name].oauth2_callback, name=f"{name}_callback"))
    if "openid_connect" in services:
        routes.append(path("with/<slug:provider_id>/", leaving(openid.login), name="openid_connect_login"))
        routes.append(path("with/<slug:provider_id>/back/", openid.callback, name="openid_connect_callback"))
    return routes


urlpatterns = [
    path("prove/", views.prove, name="prove"),
    path("go-on/", views.go_on, name="go_on"),
    path("sessions/<int:pk>/end/", views.end_session, name="end_session"),
    path("", include("allauth.account.urls")),
    path("2fa/", include("allauth.mfa.urls")),
    path("sessions/", include("allauth.usersessions.urls")),
    *social_routes(settings.SOCIALACCOUNT_PROVIDERS),
]
