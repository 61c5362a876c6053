"""Make an evidence pack of one post, campaign, endorser or period, and write it to a file."""

from __future__ import annotations

import shutil
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from campaigns.models import Campaign, Post
from campaigns.queries.packs import subjects_of
from compliance.actions.packing import NothingSealed, ask_pack
from compliance.models import Endorser, Pack
from compliance.pipeline.packs import make_pack
from workspaces.models import Workspace
from workspaces.tenancy import entered


class Command(BaseCommand):
    """Exit code 1 when nothing is sealed in that scope, or the pack could not be made."""

    help = "Make an evidence pack (ZIP). Without a scope: everything that is sealed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("workspace", help="the workspace's slug")
        parser.add_argument("output", type=Path, help="the .zip to write")
        parser.add_argument("--post", type=int, help="number of a post")
        parser.add_argument("--publication", type=int, help="number of a publication")
        parser.add_argument("--campaign", help="name of a campaign")
        parser.add_argument("--endorser", help="name of an endorser")
        parser.add_argument("--from", dest="since", type=date.fromisoformat, help="first day, like 2026-11-01")
        parser.add_argument("--to", dest="until", type=date.fromisoformat, help="last day")
        parser.add_argument("--language", default="en", choices=["en", "id"])

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django's own signature
        workspace = Workspace.objects.filter(slug=options["workspace"]).first()
        if workspace is None:
            raise CommandError(f"There is no workspace called {options['workspace']}")
        with entered(workspace.pk):
            pack = self._asked(options)
        self.stdout.write(f"{pack.total} posts …")
        made = make_pack(pack.pk, workspace.pk)
        if made is None or made.state != Pack.State.READY:
            raise CommandError(made.problem if made else "Somebody else is making it")
        with made.file.open("rb") as source, options["output"].open("wb") as target:
            shutil.copyfileobj(source, target)
        self.stdout.write(f"{options['output']}  {made.size} bytes  sha256 {made.sha256}  chain up to {made.through}")

    def _asked(self, options: dict[str, Any]) -> Pack:  # Any: what the command line gave
        subjects, about, endorser = [], "everything", None
        if options["publication"]:
            subjects, about = [f"publication:{options['publication']}"], f"publication {options['publication']}"
        if options["post"]:
            subjects, about = subjects_of(Post.objects.filter(pk=options["post"])), f"post {options['post']}"
        if options["campaign"]:
            found = Campaign.objects.filter(name__iexact=options["campaign"]).first()
            subjects, about = subjects_of(Post.objects.filter(campaign=found)), options["campaign"]
        if options["endorser"]:
            person = Endorser.objects.filter(name__iexact=options["endorser"]).first()
            if person is None:
                raise CommandError(f"Nobody called {options['endorser']} is on record")
            endorser, about = person.pk, person.name
        if (options["post"] or options["campaign"]) and not subjects:
            raise CommandError("Nothing of it was published")
        try:
            return ask_pack(
                title=f"Evidence: {about}",
                by=None,
                subjects=subjects,
                endorser=endorser,
                since=options["since"],
                until=options["until"],
                language=options["language"],
            )
        except NothingSealed as refusal:
            raise CommandError(str(refusal)) from refusal
