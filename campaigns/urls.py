"""Addresses of the writing desk."""

from django.urls import path

from campaigns import api
from campaigns.views import calendar, campaigns, compose, media, packs, plans, posts

app_name = "campaigns"
urlpatterns = [
    path("w/<slug:workspace>/calendar/", calendar.calendar, name="calendar"),
    path("w/<slug:workspace>/posts/new/", compose.compose, name="compose"),
    path("w/<slug:workspace>/posts/autosave/", compose.autosave, name="autosave_new"),
    path("w/<slug:workspace>/posts/<int:pk>/", posts.post, name="post"),
    path("w/<slug:workspace>/posts/<int:pk>/edit/", compose.compose, name="edit"),
    path("w/<slug:workspace>/posts/<int:pk>/autosave/", compose.autosave, name="autosave"),
    path("w/<slug:workspace>/posts/<int:pk>/side/", compose.beside, name="side"),
    path("w/<slug:workspace>/posts/<int:pk>/fix/", posts.mend, name="fix"),
    path("w/<slug:workspace>/posts/<int:pk>/move/", calendar.move, name="move"),
    path("w/<slug:workspace>/posts/<int:pk>/cancel/", posts.cancel, name="cancel"),
    path("w/<slug:workspace>/posts/<int:pk>/duplicate/", posts.duplicate, name="duplicate"),
    path("w/<slug:workspace>/posts/<int:pk>/delete/", posts.delete, name="delete"),
    path("w/<slug:workspace>/posts/<int:pk>/approve/", posts.approve, name="approve"),
    path("w/<slug:workspace>/posts/<int:pk>/ask/", posts.ask, name="ask"),
    path("w/<slug:workspace>/approvals/", posts.approvals, name="approvals"),
    path("w/<slug:workspace>/media/", media.media, name="media"),
    path("w/<slug:workspace>/media/upload/", media.upload, name="upload"),
    path("w/<slug:workspace>/media/<int:pk>/tile/", media.tile, name="media_tile"),
    path("w/<slug:workspace>/media/<int:pk>/alt/", media.describe, name="media_alt"),
    path("w/<slug:workspace>/media/<int:pk>/delete/", media.delete, name="media_delete"),
    path("w/<slug:workspace>/media/<int:pk>/<slug:which>/", media.media_file, name="media_file"),
    path("w/<slug:workspace>/campaigns/", campaigns.campaigns, name="campaigns"),
    path("w/<slug:workspace>/campaigns/new/", campaigns.edit, name="campaign_new"),
    path("w/<slug:workspace>/campaigns/<int:pk>/", campaigns.campaign, name="campaign"),
    path("w/<slug:workspace>/campaigns/<int:pk>/edit/", campaigns.edit, name="campaign_edit"),
    path("w/<slug:workspace>/campaigns/<int:pk>/pack/", packs.of_campaign, name="campaign_pack"),
    path("w/<slug:workspace>/posts/<int:pk>/pack/", packs.of_post, name="post_pack"),
    path("w/<slug:workspace>/campaigns/<int:pk>/away/", campaigns.put_away, name="campaign_away"),
    path("w/<slug:workspace>/plans/", plans.plans, name="plans"),
    path("w/<slug:workspace>/plans/<int:pk>/", plans.plan, name="plan"),
    path("w/<slug:workspace>/plans/<int:pk>/confirm/", plans.confirm, name="plan_confirm"),
    path("w/<slug:workspace>/plans/<int:pk>/reject/", plans.reject, name="plan_reject"),
    path("w/<slug:workspace>/plans/<int:pk>/undo/", plans.undo, name="plan_undo"),
    path("api/v1/w/<slug:workspace>/posts/", api.Posts.as_view(), name="api_posts"),
    path("api/v1/w/<slug:workspace>/posts/<int:pk>/", api.OnePost.as_view(), name="api_post"),
    path("api/v1/w/<slug:workspace>/posts/<int:pk>/schedule/", api.Schedule.as_view(), name="api_schedule"),
    path("api/v1/w/<slug:workspace>/posts/<int:pk>/cancel/", api.Cancel.as_view(), name="api_cancel"),
    path("api/v1/w/<slug:workspace>/media/", api.MediaUpload.as_view(), name="api_media"),
]
