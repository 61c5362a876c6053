"""Addresses of the post office."""

from django.urls import path

from publishing import api, views
from publishing.api import by_hand as api_by_hand
from publishing.views import by_hand

app_name = "publishing"
urlpatterns = [
    path("w/<slug:workspace>/publishing/", views.attention, name="attention"),
    path("w/<slug:workspace>/publishing/pause/", views.pause, name="pause"),
    path("w/<slug:workspace>/publishing/resume/", views.resume, name="resume"),
    path("w/<slug:workspace>/publishing/networks/", views.audit, name="audit"),
    path("w/<slug:workspace>/publishing/networks/look/", views.audit_now, name="audit_now"),
    path("w/<slug:workspace>/publishing/networks/<int:pk>/<slug:verb>/", views.settle_audit, name="settle_audit"),
    path("w/<slug:workspace>/publishing/<int:pk>/", views.publication, name="publication"),
    path("w/<slug:workspace>/publishing/by-hand/", by_hand.by_hand_list, name="by_hand_list"),
    path("w/<slug:workspace>/publishing/by-hand/<int:pk>/", by_hand.by_hand, name="by_hand"),
    path("w/<slug:workspace>/publishing/by-hand/<int:pk>/<int:number>/", by_hand.piece, name="by_hand_piece"),
    path("by-hand/<str:token>/", by_hand.door, name="door"),
    path("by-hand/<str:token>/<int:number>/", by_hand.door_piece, name="door_piece"),
    path("w/<slug:workspace>/publishing/<int:pk>/change/", views.change_live, name="change_live"),
    path("w/<slug:workspace>/publishing/<int:pk>/edit/", views.edit_live, name="edit_live"),
    path("w/<slug:workspace>/publishing/<int:pk>/delete/", views.delete_live, name="delete_live"),
    path("w/<slug:workspace>/publishing/<int:pk>/settle/", views.settle, name="settle"),
    path("w/<slug:workspace>/publishing/<int:pk>/release/", views.release, name="release"),
    path("w/<slug:workspace>/publishing/<int:pk>/now/", views.publish_now, name="publish_now"),
    path("w/<slug:workspace>/publishing/<int:pk>/hold/", views.hold, name="hold"),
    path("w/<slug:workspace>/publishing/<int:pk>/cancel/", views.cancel, name="cancel"),
    path("api/v1/w/<slug:workspace>/audit/", api.Audits.as_view(), name="api-audit"),
    path(
        "api/v1/w/<slug:workspace>/audit/<int:discrepancy>/<slug:verb>/",
        api.SettleAudit.as_view(),
        name="api-audit-settle",
    ),
    path("api/v1/w/<slug:workspace>/by-hand/", api_by_hand.ByHand.as_view(), name="api-by-hand"),
    path(
        "api/v1/w/<slug:workspace>/by-hand/<int:publication>/", api_by_hand.OneByHand.as_view(), name="api-by-hand-one"
    ),
    path(
        "api/v1/w/<slug:workspace>/by-hand/<int:publication>/<slug:verb>/",
        api_by_hand.ActByHand.as_view(),
        name="api-by-hand-act",
    ),
    path("api/v1/w/<slug:workspace>/publications/", api.Publications.as_view(), name="api-publications"),
    path(
        "api/v1/w/<slug:workspace>/publications/<int:publication>/",
        api.OnePublication.as_view(),
        name="api-publication",
    ),
    path(
        "api/v1/w/<slug:workspace>/publications/<int:publication>/edit/",
        api.EditLive.as_view(),
        name="api-publication-edit",
    ),
    path(
        "api/v1/w/<slug:workspace>/publications/<int:publication>/delete/",
        api.DeleteLive.as_view(),
        name="api-publication-delete",
    ),
    path(
        "api/v1/w/<slug:workspace>/publications/<int:publication>/<slug:verb>/",
        api.ActOnPublication.as_view(),
        name="api-publication-act",
    ),
]
