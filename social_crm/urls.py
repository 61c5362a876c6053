"""Addresses of the reply desk, and of the door where networks call us."""

from django.urls import path

from social_crm import api, hooks, views

app_name = "social_crm"
DESK = "w/<slug:workspace>/inbox/"
API = "api/v1/w/<slug:workspace>/conversations/"
urlpatterns = [
    path("hooks/<slug:network>/", hooks.hook, name="hook"),
    path(DESK, views.inbox, name="inbox"),
    path(f"{DESK}rows/", views.rows, name="rows"),
    path(f"{DESK}<int:pk>/", views.inbox, name="conversation"),
    path(f"{DESK}<int:pk>/lines/", views.lines, name="lines"),
    path(f"{DESK}<int:pk>/answer/", views.answer, name="answer"),
    path(f"{DESK}<int:pk>/draft/", views.draft, name="draft"),
    path(f"{DESK}<int:pk>/resolve/", views.resolve, name="resolve"),
    path(f"{DESK}<int:pk>/assign/", views.assign, name="assign"),
    path(f"{DESK}messages/<int:pk>/take-back/", views.take_back, name="take_back"),
    path(f"{DESK}messages/<int:pk>/hide/", views.hide, name="hide"),
    path(f"{DESK}events/", views.events, name="events"),
    path(f"{DESK}events/<int:pk>/replay/", views.replay, name="replay"),
    path(API, api.ConversationList.as_view(), name="api_conversations"),
    path(f"{API}<int:pk>/", api.ConversationDetail.as_view(), name="api_conversation"),
    path(f"{API}<int:pk>/answers/", api.AnswerCreate.as_view(), name="api_answers"),
]
