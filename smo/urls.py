"""Addresses of the shop window: links, visits, share buttons, feeds and page checks."""

from django.urls import URLPattern, URLResolver

app_name = "smo"

urlpatterns: list[URLPattern | URLResolver] = []
