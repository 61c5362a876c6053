"""A shop window with something in it: a set of buttons, a page that was checked, a site map that was walked."""

from __future__ import annotations

from django.utils import timezone

from smo.actions.buttons import save_buttons
from smo.actions.looking import ask_look, ask_walk, begin, fail, finish
from smo.models import State, Walk
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
