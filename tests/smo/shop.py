"""A shop window with something in it: a set of buttons, a page that was checked, a site map that was walked."""

from __future__ import annotations

from django.utils import timezone

from campaigns.actions import from_feeds
from networks.protocol import Content
from smo.actions import incoming, out
from smo.actions.buttons import save_buttons
from smo.actions.looking import ask_look, ask_walk, begin, fail, finish
from smo.models import Item, Source, State, Walk
from smo.rules.anatomy import anatomy
from smo.rules.buttons import Design
from smo.rules.cards import Picture
from smo.rules.pages import Facts
from tests.cast import Cast

URL = "https://teras.example/menu"
TITLE = "Cold Brew Gula Aren, kopi susu dari Teras Kopi Jakarta yang diseduh pelan semalaman"
HTML = (
    f'<html><title>{TITLE}</title><meta property="og:image" content="/c.png"><p>Kopi susu gula aren dari biji Gayo.</p>'
)


def furnish(cast: Cast) -> None:
    """Fill the window; inside `entered`."""
    save_buttons(Design(address=URL, text="Menu baru"), name="Blog", by=cast.bob)
    walk = ask_walk(f"{URL}.xml", by=cast.bob)
    facts = Facts(anatomy(URL, HTML), Picture(f"{URL}.png", "image/png", 800, 420, 9000), size=900, milliseconds=40)
    for html in (HTML, HTML.replace("og:image", "og:picture")):
        look = begin(ask_look(URL, by=cast.bob, weekly=True).pk)
        assert look is not None
        finish(look, Facts(anatomy(URL, html), facts.picture) if "og:image" in html else Facts(anatomy(URL, html)))
    shut = begin(ask_look(f"{URL}/tutup", by=cast.bob, walk=walk).pk)
    assert shut is not None
    fail(shut, "robots")
    ask_look(f"{URL}/baru", by=cast.bob)  # waits for its turn
    Walk.objects.filter(pk=walk.pk).update(state=State.DONE, total=1, done=1, left_out=3, ended_at=timezone.now())


def watch(cast: Cast, account: int) -> None:
    """A feed that is open with a post in it, one that is watched, and what becomes of it; inside `entered`."""
    feed = out.make_feed(title="Teras Kopi", about="Kabar dari teras", by=cast.bob)
    out.open_feed(feed, is_open=True, by=cast.bob)
    out.show([out.Shown(1, account, "x", Content(text="Kopi Gayo sudah datang."))], at=timezone.now())
    source = incoming.watch(address="https://nadia.example/feed", name="Blog Nadia", by=cast.bob)
    for number, state in enumerate(("new", "filtered", "double")):
        Item.objects.create(
            source=source,
            guid=str(number),
            key=f"https://nadia.example/{number}",
            url=f"https://nadia.example/{number}",
            title=f"Resep kopi nomor {number}",
            summary="Dari biji sampai cangkir, pelan-pelan.",
            published_at=timezone.now(),
            seen_at=timezone.now(),
            state=state,
        )
    Source.objects.filter(pk=source.pk).update(failures=3, trouble="The site could not be reached.")
    from_feeds.keep_recipe(source, by=cast.bob, is_on=True, accounts=[account])
