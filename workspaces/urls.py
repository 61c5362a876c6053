"""Addresses of people, workspaces and their settings."""

from django.urls import path

from workspaces import api
from workspaces.views import hooks, notices, people

app_name = "workspaces"
urlpatterns = [
    path("", people.home, name="home"),
    path("live/", people.live, name="live"),
    path("new/", people.found, name="found"),
    path("me/", people.profile, name="profile"),
    path("join/<str:token>/", people.join, name="join"),
    path("w/<slug:workspace>/members/", people.members, name="members"),
    path("w/<slug:workspace>/members/<int:pk>/role/", people.change_role, name="change_role"),
    path("w/<slug:workspace>/members/<int:pk>/remove/", people.remove, name="remove"),
    path("w/<slug:workspace>/invitations/<int:pk>/withdraw/", people.withdraw, name="withdraw"),
    path("w/<slug:workspace>/settings/", people.workspace_settings, name="settings"),
    path("w/<slug:workspace>/settings/keys/", people.api_keys, name="api_keys"),
    path("w/<slug:workspace>/settings/keys/<int:pk>/revoke/", people.revoke_api_key, name="revoke_api_key"),
    path("w/<slug:workspace>/settings/audit/", people.audit, name="audit"),
    path("w/<slug:workspace>/notices/", notices.notices, name="notices"),
    path("w/<slug:workspace>/notices/read/", notices.read_notices, name="read_notices"),
    path("w/<slug:workspace>/notices/mail/", notices.notice_choices, name="notice_choices"),
    path("w/<slug:workspace>/notices/<int:pk>/", notices.open_notice, name="open_notice"),
    path("w/<slug:workspace>/notices/<int:pk>/read/", notices.read_notice, name="read_notice"),
    path("w/<slug:workspace>/settings/webhooks/", hooks.hooks, name="hooks"),
    path("w/<slug:workspace>/settings/webhooks/<int:pk>/", hooks.hook, name="hook"),
    path("w/<slug:workspace>/settings/webhooks/<int:pk>/secret/", hooks.renew_hook, name="renew_hook"),
    path("w/<slug:workspace>/settings/webhooks/<int:pk>/switch/", hooks.switch_hook, name="switch_hook"),
    path("w/<slug:workspace>/settings/webhooks/<int:pk>/drop/", hooks.drop_hook, name="drop_hook"),
    path("w/<slug:workspace>/settings/webhooks/<int:pk>/test/", hooks.try_hook, name="try_hook"),
    path("w/<slug:workspace>/settings/webhooks/<int:pk>/log/<int:delivery>/again/", hooks.redeliver, name="redeliver"),
    path("api/v1/w/<slug:workspace>/notices/", api.Notices.as_view(), name="api-notices"),
    path("api/v1/w/<slug:workspace>/notices/read/", api.ReadNotices.as_view(), name="api-read-notices"),
    path("api/v1/w/<slug:workspace>/notices/mail/", api.NoticeChoices.as_view(), name="api-notice-choices"),
    path("api/v1/w/<slug:workspace>/webhooks/", api.Hooks.as_view(), name="api-webhooks"),
    path("api/v1/w/<slug:workspace>/webhooks/<int:pk>/", api.OneHook.as_view(), name="api-webhook"),
    path("api/v1/w/<slug:workspace>/webhooks/<int:pk>/test/", api.TryHook.as_view(), name="api-webhook-test"),
    path("api/v1/w/<slug:workspace>/webhooks/<int:pk>/log/", api.Deliveries.as_view(), name="api-webhook-log"),
    path(
        "api/v1/w/<slug:workspace>/webhooks/<int:pk>/log/<int:delivery>/again/",
        api.Redeliver.as_view(),
        name="api-webhook-again",
    ),
]
