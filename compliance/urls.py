"""Addresses of the officer's desk, the rules and the records."""

from django.urls import path

from compliance import api
from compliance.views import desk, records, rules

app_name = "compliance"
urlpatterns = [
    path("w/<slug:workspace>/compliance/", desk.desk, name="desk"),
    path("w/<slug:workspace>/compliance/cases/<int:pk>/", desk.desk, name="case"),
    path("w/<slug:workspace>/compliance/cases/<int:pk>/decide/", desk.decide, name="decide"),
    path("w/<slug:workspace>/compliance/rules/", rules.rules, name="rules"),
    path("w/<slug:workspace>/compliance/rules/<slug:code>/", rules.rule, name="rule"),
    path("w/<slug:workspace>/compliance/evidence/", records.evidence, name="evidence"),
    path("w/<slug:workspace>/endorsers/", records.endorsers, name="endorsers"),
    path("w/<slug:workspace>/endorsers/new/", records.edit_endorser, name="new_endorser"),
    path("w/<slug:workspace>/endorsers/<int:pk>/", records.endorser, name="endorser"),
    path("w/<slug:workspace>/endorsers/<int:pk>/edit/", records.edit_endorser, name="edit_endorser"),
    path("w/<slug:workspace>/connections/<int:pk>/end/", records.end, name="end_connection"),
    path("api/v1/w/<slug:workspace>/compliance/screen", api.Screen.as_view(), name="api_screen"),
    path("api/v1/w/<slug:workspace>/compliance/endorsers", api.Endorsers.as_view(), name="api_endorsers"),
    path(
        "api/v1/w/<slug:workspace>/compliance/endorsers/<int:pk>/connections",
        api.Connections.as_view(),
        name="api_connections",
    ),
]
