"""The living gallery: every component of the pages on one page, for those who build them."""

from __future__ import annotations

import json
from datetime import timedelta

from django import forms
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView

from networks import registry
from smm.templatetags.ui import STATUSES

WEEK = [(f"2026-11-{23 + day}", name) for day, name in enumerate(("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"))]


class SampleForm(forms.Form):
    """One field, to show how a Django form's field looks."""

    email = forms.EmailField(help_text="Only your team sees it.")


class Gallery(TemplateView):
    """Only served in DEBUG and tested by tests/browser/test_gallery.py."""

    template_name = "_ui/gallery.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """Sample values: the networks plugged in, every status, two moments to count down to, a week."""
        return {
            **super().get_context_data(**kwargs),
            "networks": [network.slug for network in registry.every()],
            "statuses": list(STATUSES),
            "soon": timezone.now() + timedelta(minutes=12),
            "later": timezone.now() + timedelta(hours=2, minutes=40),
            "days": WEEK,
            "form": SampleForm(),
        }


@require_POST
def moved(request: HttpRequest) -> JsonResponse:
    """Answers a move as the calendar's own page would; a Sunday is refused, to show how that looks."""
    at = json.loads(request.body)["local_at"]
    if at.startswith(WEEK[6][0]):
        return JsonResponse({"error": "Sundays are for coffee. Choose another day."}, status=409)
    return JsonResponse({"when": at.replace("T", ", ")})
