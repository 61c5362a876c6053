"""Every address of the app, one app after another."""

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularAPIView

from smm import operating, status, unavailable, views
from smm.gallery import Gallery, moved

handler500 = unavailable.failed
urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", admin.site.urls),
    path("", include("workspaces.urls")),
    path("", include("campaigns.urls")),
    path("", include("compliance.urls")),
    path("", include("networks.urls")),
    path("", include("publishing.urls")),
    path("", include("smo.urls")),
    path("", include("social_crm.urls")),
    path("w/<slug:workspace>/nav/", views.nav, name="nav"),
    path("operator/publisher/", operating.publisher, name="publisher"),
    path("operator/publisher/release/", operating.release, name="publisher-release"),
    path("operator/publisher/stop/", operating.stop, name="publisher-stop"),
    path("api/v1/schema/", SpectacularAPIView.as_view(), name="api_schema"),
    path("accounts/", include("allauth.urls")),
    path("status/", status.page, name="status"),
    path("metrics", status.metrics, name="metrics"),
    path("i18n/", include("django.conf.urls.i18n")),
]
if settings.DEBUG:
    urlpatterns += [path("_ui/", Gallery.as_view(), name="gallery"), path("_ui/move/", moved, name="gallery-move")]
