"""Addresses of the shop window: links, visits, share buttons, feeds and page checks."""

from django.urls import URLPattern, URLResolver, path

from smo.api import feeds as feeds_api
from smo.api.buttons import ButtonSets, OneButtonSet
from smo.views import buttons, feeds, public, sharing

app_name = "smo"
HERE, API = "w/<slug:workspace>/window", "api/v1/w/<slug:workspace>/window"

BUTTONS: list[URLPattern | URLResolver] = [
    path(f"{HERE}/buttons/", buttons.buttons, name="buttons"),
    path(f"{HERE}/buttons/new/", buttons.new_buttons, name="new_buttons"),
    path(f"{HERE}/buttons/try/", buttons.try_buttons, name="try_buttons"),
    path(f"{HERE}/buttons/<int:pk>/", buttons.button_set, name="button_set"),
    path(f"{HERE}/buttons/<int:pk>/versions/<int:number>/", buttons.back, name="buttons_back"),
    path(f"{HERE}/buttons/<int:pk>/away/", buttons.away, name="buttons_away"),
    path(f"{API}/buttons", ButtonSets.as_view(), name="api_buttons"),
    path(f"{API}/buttons/<int:pk>", OneButtonSet.as_view(), name="api_button_set"),
    path("share/v1.js", sharing.share_script, name="share_script"),
    path("share/server/", sharing.which_server, name="which_server"),
]

FEEDS: list[URLPattern | URLResolver] = [
    path(f"{HERE}/feeds/", feeds.feeds, name="feeds"),
    path(f"{HERE}/feeds/<int:pk>/", feeds.feed, name="feed"),
    path(f"{HERE}/feeds/<int:pk>/act/", feeds.act, name="feed_act"),
    path(f"{API}/feeds/", feeds_api.Feeds.as_view(), name="api_feeds"),
    path(f"{API}/feeds/<int:pk>/", feeds_api.OneFeed.as_view(), name="api_feed"),
    path(f"{API}/feeds/<int:pk>/address/", feeds_api.NewAddress.as_view(), name="api_feed_address"),
    path("feeds/<slug:address>.<slug:kind>", public.feed, name="public_feed"),
    path("feeds/<slug:address>/", public.latest, name="latest"),
    path("feeds/<slug:address>/<uuid:uid>/<int:place>/", public.media, name="feed_media"),
]

urlpatterns: list[URLPattern | URLResolver] = [*BUTTONS, *FEEDS]
