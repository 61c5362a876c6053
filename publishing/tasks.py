"""Wake-ups: each says which publications to look after; their rows say whether there is anything to do."""

from __future__ import annotations

from celery import shared_task

from publishing import pipeline, pool
from publishing.queries import Ref

Pair = tuple[int, int]
"""A publication's id and its workspace's."""


@shared_task(name="publishing.publish_batch", max_retries=0, acks_late=False, ignore_result=True)
def publish_batch(pairs: list[Pair]) -> None:
    pool.each(pipeline.publish, [Ref(*pair) for pair in pairs])


@shared_task(name="publishing.reconcile_batch", max_retries=0, acks_late=False, ignore_result=True)
def reconcile_batch(pairs: list[Pair]) -> None:
    pool.each(pipeline.reconcile, [Ref(*pair) for pair in pairs])
