"""The living gallery: every component of the pages on one page, for those who build them."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django.views.generic import TemplateView

from networks import registry
from smm.templatetags.ui import STATUSES


class Gallery(TemplateView):
    """Only served in DEBUG and tested by tests/browser/test_gallery.py."""

    template_name = "_ui/gallery.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """Sample values: the networks plugged in, every status, two moments to count down to."""
        return {
            **super().get_context_data(**kwargs),
            "networks": [network.slug for network in registry.every()],
            "statuses": list(STATUSES),
            "soon": timezone.now() + timedelta(minutes=12),
            "later": timezone.now() + timedelta(hours=2, minutes=40),
        }
