"""Addresses of the reply desk, and of the door where networks call us."""

from django.urls import path

from social_crm import api, hooks, views

app_name = "social_crm"
DESK = "w/<slug:workspace>/inbox/"
API = "api/v1/w/<slug:workspace>/conversations/"
urlpatterns = [
    path("hooks/<slug:network>/", hooks.hook, name="hook"),
    path("rate/<str:token>/", views.rate, name="rate"),
    path(DESK, views.inbox, name="inbox"),
    path(f"{DESK}rows/", views.rows, name="rows"),
    path(f"{DESK}bulk/", views.bulk, name="bulk"),
    path(f"{DESK}undo/<int:pk>/", views.undo, name="undo"),
    path(f"{DESK}<int:pk>/", views.inbox, name="conversation"),
    path(f"{DESK}<int:pk>/lines/", views.lines, name="lines"),
    path(f"{DESK}<int:pk>/viewers/", views.viewers, name="viewers"),
    path(f"{DESK}<int:pk>/answer/", views.answer, name="answer"),
    path(f"{DESK}<int:pk>/draft/", views.draft, name="draft"),
    path(f"{DESK}<int:pk>/deal/", views.deal, name="deal"),
    path(f"{DESK}<int:pk>/unread/", views.unread, name="unread"),
    path(f"{DESK}messages/<int:pk>/take-back/", views.take_back, name="take_back"),
    path(f"{DESK}messages/<int:pk>/let-go/", views.approve, name="approve"),
    path(f"{DESK}messages/<int:pk>/moderate/", views.moderate, name="moderate"),
    path(f"{DESK}messages/<int:pk>/files/<int:number>/", views.attachment, name="attachment"),
    path(f"{DESK}<int:pk>/replies/<int:reply>/", views.reply_text, name="reply_text"),
    path(f"{DESK}replies/", views.replies, name="replies"),
    path(f"{DESK}replies/<int:pk>/", views.replies, name="reply"),
    path(f"{DESK}views/", views.keep_view, name="keep_view"),
    path(f"{DESK}views/<int:pk>/drop/", views.drop_view, name="drop_view"),
    path(f"{DESK}away/", views.away, name="away"),
    path(f"{DESK}desk/", views.desk, name="desk"),
    path(f"{DESK}desk/rules/", views.rules, name="rules"),
    path(f"{DESK}desk/promises/", views.promise, name="promise_new"),
    path(f"{DESK}desk/promises/<int:pk>/", views.promise, name="promise"),
    path(f"{DESK}desk/teams/", views.team, name="team_new"),
    path(f"{DESK}desk/teams/<int:pk>/", views.team, name="team"),
    path(f"{DESK}desk/labels/", views.label, name="label_new"),
    path(f"{DESK}desk/labels/<int:pk>/", views.label, name="label"),
    path(f"{DESK}desk/agents/<int:pk>/", views.agent, name="agent"),
    path(f"{DESK}events/", views.events, name="events"),
    path(f"{DESK}events/<int:pk>/replay/", views.replay, name="replay"),
    path(API, api.ConversationList.as_view(), name="api_conversations"),
    path(f"{API}deal/", api.DealCreate.as_view(), name="api_deal"),
    path(f"{API}<int:pk>/", api.ConversationDetail.as_view(), name="api_conversation"),
    path(f"{API}<int:pk>/answers/", api.AnswerCreate.as_view(), name="api_answers"),
    path(f"{API}<int:pk>/notes/", api.NoteCreate.as_view(), name="api_notes"),
]
