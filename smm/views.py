"""The pieces of the shell that change by themselves."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def nav(request: HttpRequest, workspace: str) -> HttpResponse:
    """How much waits behind each entry of the nav, for a page that heard news."""
    return render(request, "_nav_counts.html")
