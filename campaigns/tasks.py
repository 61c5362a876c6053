"""What takes longer than a page may, and what the clock does: importing a plan, placing what an officer approved."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone, translation

from campaigns.actions.fanning import look
from campaigns.actions.from_feeds import take_in
from campaigns.actions.repeating import make_ahead
from campaigns.actions.reviewed import place_reviewed
from campaigns.actions.rezoning import rezone
from campaigns.models import FanOut, Series
from campaigns.pipeline import import_plan
from campaigns.queries import posts_in_review, told
from campaigns.queries.fanning import fan_outs_to_look_at
from campaigns.queries.recipes import recipes_with_news
from campaigns.queries.turns import series_to_look_at
from workspaces.tenancy import entered

BATCH = 200


@shared_task(name="campaigns.import_plan", max_retries=0)
def run_plan(plan_id: int, workspace_id: int, language: str = "en") -> None:
    """Import a confirmed plan; its report is in `language`, the reader's.

    Safe to call twice: only a plan that is still running is imported.
    """
    with translation.override(language):
        import_plan(plan_id, workspace_id)


@shared_task(name="campaigns.place_reviewed", expires=10)
def place_all_reviewed() -> None:
    """Look at every post that waits for an officer."""
    for post_id, workspace_id in posts_in_review(BATCH):
        with entered(workspace_id):
            place_reviewed(told(post_id), now=timezone.now())


@shared_task(name="campaigns.make_ahead", expires=60)
def make_series_ahead() -> None:
    """Plan what every series has due within its horizon."""
    for series_id, workspace_id in series_to_look_at(BATCH):
        with entered(workspace_id):
            series = Series.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk=series_id).first()
            if series is not None:
                make_ahead(series, now=timezone.now())


@shared_task(name="campaigns.fan_out", expires=30)
def fan_out_articles() -> None:
    """Plan what tells of articles that are live by now, and call back what tells of those that are gone."""
    for fan_id, workspace_id in fan_outs_to_look_at(BATCH):
        with entered(workspace_id):
            fan = FanOut.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk=fan_id).first()
            if fan is not None:
                look(fan, now=timezone.now())


@shared_task(name="campaigns.rezone", expires=3600)
def rezone_posts() -> None:
    """After the rules of a time zone have changed: everything planned keeps its wall time."""
    rezone()


@shared_task(name="campaigns.from_feeds", expires=30)
def make_of_feeds() -> None:
    """Make of what watched feeds brought what their recipes say."""
    for recipe_id, workspace_id in recipes_with_news(BATCH):
        with entered(workspace_id):
            take_in(recipe_id, now=timezone.now())
