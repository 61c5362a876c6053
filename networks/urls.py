"""Addresses of the channels and of the way to a network and back."""

from django.urls import path

from networks import api, views

app_name = "networks"
urlpatterns = [
    path("w/<slug:workspace>/channels/", views.accounts, name="accounts"),
    path("w/<slug:workspace>/channels/<int:account>/pause/", views.pause, name="pause"),
    path("w/<slug:workspace>/channels/<int:account>/resume/", views.resume, name="resume"),
    path("w/<slug:workspace>/channels/<int:account>/disconnect/", views.disconnect, name="disconnect"),
    path("w/<slug:workspace>/connect/choose/<int:consent>/", views.choose, name="choose"),
    path("w/<slug:workspace>/connect/<slug:network>/", views.start, name="connect"),
    path("w/<slug:workspace>/connect/<slug:network>/site/", views.site, name="site"),
    path("connect/<slug:network>/callback/", views.callback, name="callback"),
    path("api/v1/w/<slug:workspace>/accounts/", api.Accounts.as_view(), name="api-accounts"),
    path("api/v1/w/<slug:workspace>/networks/", api.Networks.as_view(), name="api-networks"),
]
