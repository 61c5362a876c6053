"""Addresses of people, workspaces and their settings."""

from django.urls import path

from workspaces import views

app_name = "workspaces"
urlpatterns = [
    path("live/", views.live, name="live"),
]
