"""A content plan in two languages, with pictures, a video and links, is imported and goes out on all four networks."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path

from django.core.management import call_command
from django.utils import timezone

from campaigns.models import Post
from campaigns.rules import wall_time
from publishing.models import Publication
from tests.campaigns import pictures
from tests.publishing.post_office import PostOffice
from workspaces.tenancy import entered

PLAN = """\
date,time,channels,text,title,link,media,alt,campaign,language,text:linkedin
{day},{clock},"x, facebook, linkedin",Biji Gayo baru datang.,,https://tk.example/toko,botol.jpg,Botol di meja,Panen,id,
{day},{clock},"x, linkedin",Our dry store is open on Sunday.,,,,,,en,Our dry store is open on Sunday. Bring a jar.
{day},{clock},youtube,Dari karung sampai kantong.,Pagi di roastery,,pagi.mp4,Biji berputar,Panen,id,
"""


def write(folder: Path) -> Path:
    soon = wall_time(timezone.now() + timedelta(minutes=1), "Asia/Jakarta")
    (folder / "botol.jpg").write_bytes(pictures.jpeg())
    (folder / "pagi.mp4").write_bytes(pictures.mp4(3))
    path = folder / "plan.csv"
    path.write_text(PLAN.format(day=soon.date(), clock=soon.strftime("%H:%M")))
    return path


def test_every_row_goes_out_where_it_was_meant_to(office: PostOffice, tmp_path: Path) -> None:
    accounts = {slug: office.account(slug) for slug in ("x", "facebook", "linkedin", "youtube")}
    call_command("import_plan", str(write(tmp_path)), workspace=office.cast.workspace.slug, stdout=io.StringIO())
    with entered(office.cast.workspace.pk):
        publications = list(Publication.objects.all())
        assert {p.state for p in publications} == {"scheduled"}
        assert len(publications) == 6
        Publication.objects.update(due_at=timezone.now())  # the minute passes

    for publication in publications:
        office.until(publication, "published", seconds=30)

    (on_x_en, on_x_id) = sorted(post["text"] for post in office.live(accounts["x"]))[::-1]
    assert on_x_en == "Our dry store is open on Sunday."
    assert "utm_source=x" in on_x_id and "utm_campaign=panen" in on_x_id
    for network in ("x", "linkedin"):
        asked = office.sandbox.ask("ledger", network=network, account=accounts[network].uid, kind="call", limit=50)
        assert "Botol di meja" in str(asked), f"{network} was not told what the picture shows"
    assert any("Bring a jar" in post["reader"]["text"] for post in office.live(accounts["linkedin"]))
    (video,) = office.live(accounts["youtube"])
    assert "Pagi di roastery" in str(video)
    with entered(office.cast.workspace.pk):
        assert {str(post.state) for post in Post.objects.all().told()} == {"published"}
