"""Addresses of people, workspaces and their settings."""

from django.urls import path

from workspaces import views

app_name = "workspaces"
urlpatterns = [
    path("", views.home, name="home"),
    path("live/", views.live, name="live"),
    path("new/", views.found, name="found"),
    path("me/", views.profile, name="profile"),
    path("join/<str:token>/", views.join, name="join"),
    path("w/<slug:workspace>/members/", views.members, name="members"),
    path("w/<slug:workspace>/members/<int:pk>/role/", views.change_role, name="change_role"),
    path("w/<slug:workspace>/members/<int:pk>/remove/", views.remove, name="remove"),
    path("w/<slug:workspace>/invitations/<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("w/<slug:workspace>/settings/", views.workspace_settings, name="settings"),
    path("w/<slug:workspace>/settings/keys/", views.api_keys, name="api_keys"),
    path("w/<slug:workspace>/settings/keys/<int:pk>/revoke/", views.revoke_api_key, name="revoke_api_key"),
    path("w/<slug:workspace>/settings/audit/", views.audit, name="audit"),
]
