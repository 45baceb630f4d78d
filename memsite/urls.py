"""Every route of the site."""

from __future__ import annotations

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from memories.metrics import metrics
from memsite import reports, views

# The admin's own sign-in page knows neither rate limits nor verification: the site's page serves both.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
admin.site.site_header = admin.site.site_title = "memsite administration"
admin.site.index_title = "Who is here"

handler400 = "memsite.views.bad_request"
handler429 = "memsite.views.too_many"
handler500 = "memsite.views.server_error"

urlpatterns = [
    path("", views.home, name="home"),
    path("csp-report/", reports.policy_report, name="policy_report"),
    path("metrics", metrics, name="metrics"),
    path("", include("memories.urls")),
    path("account/", include("accounts.urls")),
    # The admin's own page would change a password without telling its owner by e-mail.
    path("admin/password_change/", RedirectView.as_view(pattern_name="account_change_password"), name="admin_password"),
    path("admin/", admin.site.urls),
]
