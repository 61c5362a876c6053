"""Addresses of the channels and of the way to a network and back."""

from django.urls import path

from networks import api, views
from networks.api import by_hand as api_by_hand
from networks.views import by_hand

app_name = "networks"
urlpatterns = [
    path("w/<slug:workspace>/channels/", views.accounts, name="accounts"),
    path("w/<slug:workspace>/channels/<int:account>/pause/", views.pause, name="pause"),
    path("w/<slug:workspace>/channels/<int:account>/resume/", views.resume, name="resume"),
    path("w/<slug:workspace>/channels/<int:account>/disconnect/", views.disconnect, name="disconnect"),
    path("w/<slug:workspace>/channels/<int:account>/duty/", by_hand.duty, name="duty"),
    path("w/<slug:workspace>/channels/by-hand/<slug:network>/", by_hand.add, name="add_by_hand"),
    path("w/<slug:workspace>/channels/own/", by_hand.own, name="own"),
    path("w/<slug:workspace>/channels/own/<int:pk>/", by_hand.own, name="own_change"),
    path("w/<slug:workspace>/channels/own/<int:pk>/<slug:verb>/", by_hand.own_act, name="own_act"),
    path("w/<slug:workspace>/connect/choose/<int:consent>/", views.choose, name="choose"),
    path("w/<slug:workspace>/connect/<slug:network>/", views.start, name="connect"),
    path("w/<slug:workspace>/connect/<slug:network>/site/", views.site, name="site"),
    path("connect/<slug:network>/callback/", views.callback, name="callback"),
    path("api/v1/w/<slug:workspace>/accounts/", api.Accounts.as_view(), name="api-accounts"),
    path("api/v1/w/<slug:workspace>/accounts/by-hand/", api_by_hand.AddByHand.as_view(), name="api-by-hand"),
    path("api/v1/w/<slug:workspace>/accounts/<int:account>/duty/", api_by_hand.OneDuty.as_view(), name="api-duty"),
    path("api/v1/w/<slug:workspace>/networks/own/", api_by_hand.OwnNetworks.as_view(), name="api-own"),
    path("api/v1/w/<slug:workspace>/networks/own/<int:pk>/", api_by_hand.OneOwn.as_view(), name="api-own-one"),
    path("api/v1/w/<slug:workspace>/networks/", api.Networks.as_view(), name="api-networks"),
]
