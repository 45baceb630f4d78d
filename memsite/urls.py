"""Every route of the site."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.generic import TemplateView

urlpatterns = [
    path("", login_not_required(TemplateView.as_view(template_name="home.html")), name="home"),
    path("", include("memories.urls")),
    path("account/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]
