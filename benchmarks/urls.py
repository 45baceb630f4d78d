"""The site's routes, and one page that does next to nothing for somebody who is signed in."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from memsite import urls as site

handler400, handler429, handler500 = site.handler400, site.handler429, site.handler500


@login_required
def bare(request: HttpRequest) -> HttpResponse:
    """As bare as a signed-in page of this site's can be: its frame, and a line."""
    return render(request, "base.html", {"line": request.user.pk})


@login_required
def barest(request: HttpRequest) -> HttpResponse:
    """Not even a template."""
    return HttpResponse(f"<p>{request.user.pk}</p>")


urlpatterns = [path("bench/bare/", bare), path("bench/barest/", barest), *site.urlpatterns]
