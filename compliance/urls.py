"""Addresses of the officer's desk, the rules and the records."""

from django.urls import path

from compliance import api
from compliance.views import desk, importing, keeping, letters, packs, records, rules, sealed

app_name = "compliance"
urlpatterns = [
    path("w/<slug:workspace>/compliance/", desk.desk, name="desk"),
    path("w/<slug:workspace>/compliance/cases/<int:pk>/", desk.desk, name="case"),
    path("w/<slug:workspace>/compliance/cases/<int:pk>/decide/", desk.decide, name="decide"),
    path("w/<slug:workspace>/compliance/rules/", rules.rules, name="rules"),
    path("w/<slug:workspace>/compliance/rules/<slug:code>/", rules.rule, name="rule"),
    path("w/<slug:workspace>/compliance/evidence/", records.evidence, name="evidence"),
    path("w/<slug:workspace>/compliance/evidence/<int:pk>/", records.evidence, name="edit_evidence"),
    path("w/<slug:workspace>/compliance/sealed/", sealed.chain, name="sealed"),
    path("w/<slug:workspace>/compliance/sealed/<int:number>/", sealed.link, name="sealed_link"),
    path("w/<slug:workspace>/compliance/sealed/<int:number>/post.png", sealed.picture, name="sealed_picture"),
    path("w/<slug:workspace>/compliance/documents/<int:pk>/", sealed.document, name="document"),
    path("w/<slug:workspace>/compliance/packs/", packs.packs, name="packs"),
    path("w/<slug:workspace>/compliance/packs/<int:pk>/", packs.pack, name="pack"),
    path("w/<slug:workspace>/compliance/packs/<int:pk>/again/", packs.again, name="pack_again"),
    path("w/<slug:workspace>/compliance/packs/<int:pk>/download/", packs.download, name="download_pack"),
    path("w/<slug:workspace>/compliance/keeping/", keeping.keeping, name="keeping"),
    path("w/<slug:workspace>/compliance/keeping/hold/", keeping.hold, name="hold"),
    path("w/<slug:workspace>/compliance/keeping/holds/<int:pk>/lift/", keeping.lift, name="lift_hold"),
    path("w/<slug:workspace>/connections/new/", records.new_connection, name="new_connection"),
    path("w/<slug:workspace>/connections/<int:pk>/", records.connection, name="connection"),
    path("w/<slug:workspace>/connections/imports/", importing.imports, name="connection_imports"),
    path("w/<slug:workspace>/connections/imports/<int:pk>/", importing.connection_import, name="connection_import"),
    path("w/<slug:workspace>/connections/imports/<int:pk>/decide/", importing.decide, name="decide_import"),
    path("w/<slug:workspace>/endorsers/<int:pk>/history/", records.history, name="history"),
    path("w/<slug:workspace>/endorsers/<int:pk>/letters/", letters.send, name="send_letter"),
    path("w/<slug:workspace>/letters/<int:pk>/", letters.change, name="change_letter"),
    path("letters/<str:token>/", letters.letter, name="letter"),
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
