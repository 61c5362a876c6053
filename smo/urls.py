"""Addresses of the shop window: links, visits, share buttons, feeds and page checks."""

from django.urls import URLPattern, URLResolver, path

from smo.api import feeds as feeds_api
from smo.api import links as links_api
from smo.api import pages as pages_api
from smo.api import sources as sources_api
from smo.api.buttons import ButtonSets, OneButtonSet
from smo.views import buttons, domains, feeds, links, pages, public, sharing, sources, told, visits

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

PAGES: list[URLPattern | URLResolver] = [
    path(f"{HERE}/pages/", pages.pages, name="pages"),
    path(f"{HERE}/pages/<int:pk>/", pages.page, name="page"),
    path(f"{HERE}/pages/<int:pk>/again/", pages.page_again, name="page_again"),
    path(f"{HERE}/pages/<int:pk>/weekly/", pages.page_weekly, name="page_weekly"),
    path(f"{HERE}/pages/<int:pk>/forget/", pages.page_forget, name="page_forget"),
    path(f"{HERE}/pages/looks/<int:pk>/picture.jpg", pages.page_picture, name="page_picture"),
    path(f"{HERE}/pages/maps/<int:pk>/", pages.walk, name="walk"),
    path(f"{API}/pages", pages_api.Pages.as_view(), name="api_pages"),
    path(f"{API}/pages/<int:pk>", pages_api.OnePage.as_view(), name="api_page"),
    path(f"{API}/pages/maps/<int:pk>", pages_api.OneWalk.as_view(), name="api_walk"),
]

FEEDS: list[URLPattern | URLResolver] = [
    path(f"{HERE}/feeds/", feeds.feeds, name="feeds"),
    path(f"{HERE}/feeds/<int:pk>/", feeds.feed, name="feed"),
    path(f"{HERE}/feeds/<int:pk>/act/", feeds.act, name="feed_act"),
    path(f"{API}/feeds/", feeds_api.Feeds.as_view(), name="api_feeds"),
    path(f"{API}/feeds/<int:pk>/", feeds_api.OneFeed.as_view(), name="api_feed"),
    path(f"{API}/feeds/<int:pk>/address/", feeds_api.NewAddress.as_view(), name="api_feed_address"),
    path(f"{HERE}/sources/", sources.source_list, name="sources"),
    path(f"{HERE}/sources/watch/", sources.watch, name="watch_source"),
    path(f"{HERE}/sources/<int:pk>/", sources.source, name="source"),
    path(f"{HERE}/sources/<int:pk>/act/", sources.act, name="source_act"),
    path(f"{API}/sources/", sources_api.Sources.as_view(), name="api_sources"),
    path(f"{API}/sources/<int:pk>/", sources_api.OneSource.as_view(), name="api_source"),
    path(f"{API}/sources/<int:pk>/items/", sources_api.Items.as_view(), name="api_items"),
    path("hooks/feeds/<str:token>/", sources.websub, name="websub"),
    path("feeds/<slug:address>.<slug:kind>", public.feed, name="public_feed"),
    path("feeds/<slug:address>/", public.latest, name="latest"),
    path("feeds/<slug:address>/<uuid:uid>/<int:place>/", public.media, name="feed_media"),
]

LINKS: list[URLPattern | URLResolver] = [
    path(f"{HERE}/links/", links.links, name="links"),
    path(f"{HERE}/links/new/", links.new_link, name="new_link"),
    path(f"{HERE}/links/help/", domains.links_help, name="links_help"),
    path(f"{HERE}/links/<int:pk>/", links.link, name="link"),
    path(f"{HERE}/links/<int:pk>/act/", links.act, name="link_act"),
    path(f"{HERE}/links/<int:pk>/qr.<slug:kind>", links.qr, name="link_qr"),
    path(f"{HERE}/domains/", domains.domains, name="domains"),
    path(f"{HERE}/domains/<int:pk>/check/", domains.check_domain, name="check_domain"),
    path(f"{HERE}/domains/<int:pk>/act/", domains.domain_act, name="domain_act"),
    path(f"{HERE}/tracking/", domains.tracking, name="tracking"),
    path(f"{HERE}/presets/new/", domains.preset, name="new_preset"),
    path(f"{HERE}/presets/<int:pk>/", domains.preset, name="preset"),
    path(f"{HERE}/presets/<int:pk>/away/", domains.preset_away, name="preset_away"),
    path(f"{HERE}/visits/", visits.visits, name="visits"),
    path(f"{HERE}/sites/", visits.sites, name="sites"),
    path(f"{HERE}/sites/<int:pk>/act/", visits.site_act, name="site_act"),
    path(f"{API}/links", links_api.Links.as_view(), name="api_links"),
    path(f"{API}/links/<int:pk>", links_api.OneLink.as_view(), name="api_link"),
    path(f"{API}/visits", links_api.Visits.as_view(), name="api_visits"),
    path(f"{API}/conversions", links_api.Conversions.as_view(), name="api_conversions"),
    path("v/gardu.js", told.visit_script, name="visit_script"),
    path("v/<str:key>/", told.tell, name="tell"),
]

urlpatterns: list[URLPattern | URLResolver] = [*LINKS, *BUTTONS, *PAGES, *FEEDS]
