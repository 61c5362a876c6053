"""What each finding of a page check says to people: what is wrong, and what to do about it."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from smo.rules.pages import Finding

WORDS: dict[str, tuple[Promise, Promise]] = {
    "no_title": (_("The page has no title"), _("Without one the card shows the bare address. Add:")),
    "no_og_title": (_("No title for sharing"), _("Networks guess from the page's own title. Say it yourself:")),
    "no_description": (_("The page has no description"), _("The card stays empty below the title. Add:")),
    "no_og_description": (_("No description for sharing"), _("Networks guess. Say it yourself:")),
    "title_cut": (
        _("The title is cut off: %(count)s characters"),
        _("Too long for %(names)s. The most important words belong in front:"),
    ),
    "description_cut": (
        _("The description is cut off: %(count)s characters"),
        _("Too long for %(names)s. Shorter:"),
    ),
    "no_image": (_("No picture for the card"), _("Posts with a picture are seen far more. Best: 1200 × 630 pixels:")),
    "image_relative": (
        _("The picture's address is relative"),
        _("Some networks read only whole addresses. Write it out:"),
    ),
    "image_http": (_("The picture is served without https"), _("Some networks refuse it. Use the safe address:")),
    "no_image_alt": (_("The picture has no description for the blind"), _("Say in a few words what is seen:")),
    "image_gone": (
        _("The picture could not be read (%(why)s)"),
        _("Whoever shares the page sees no picture. Check the address, and that robots may read it."),
    ),
    "image_kind": (
        _("The picture is of a kind that not every network shows (%(kind)s)"),
        _("Use JPEG, PNG, WebP or GIF."),
    ),
    "image_small": (
        _("The picture is too small or too large: %(width)s × %(height)s"),
        _("Not shown by %(names)s. Best: 1200 × 630 pixels."),
    ),
    "image_not_best": (
        _("The picture could be sharper: %(width)s × %(height)s"),
        _("On good screens it looks soft. Best: 1200 × 630 pixels."),
    ),
    "image_heavy": (_("The picture is heavy: %(kilobytes)s kB"), _("Too heavy for %(names)s. Save it smaller.")),
    "image_ratio": (
        _("The picture is cropped on the card: %(width)s × %(height)s"),
        _("Cards are about twice as wide as high. Keep what matters in the middle, or use 1200 × 630."),
    ),
    "no_image_size": (_("The picture's size is not told"), _("With it the first share already shows the picture:")),
    "no_canonical": (
        _("No canonical address"),
        _("Shares of the same page under several addresses count apart. Add:"),
    ),
    "canonical_elsewhere": (
        _("The canonical address is on another site"),
        _("Networks show %(url)s instead of this page. If that is not meant, mend it."),
    ),
    "no_og_url": (_("No address for sharing"), _("Add:")),
    "no_og_type": (_("The kind of page is not told"), _("Add:")),
    "no_site_name": (_("The site's name is not told"), _("Some cards show it above the title. Add:")),
    "no_card": (_("The large card is not asked for"), _("Without this the picture stays small or away. Add:")),
    "card_unknown": (_("The card's kind is unknown (%(kind)s)"), _("Use one that exists:")),
    "not_https": (_("The page is not served by https"), _("Browsers warn of it, and some networks show no card.")),
    "noindex": (
        _("The page asks not to be found"),
        _("Search engines leave it out (noindex). If that is not meant, take it away."),
    ),
    "no_snippet": (_("The page forbids previews"), _("Some show no words or picture then. Allow them:")),
    "no_lang": (_("The page's language is not told"), _("Screen readers and translators need it. Add to <html>:")),
    "no_icon": (_("No icon"), _("It stands in tabs, bookmarks and some cards. Add:")),
    "no_viewport": (_("Not made for phones"), _("Most people open shared links on a phone. Add:")),
    "no_feed": (_("No feed is named"), _("Readers and programs find new posts by it. Add:")),
    "feed_broken": (_("The feed cannot be read (%(why)s)"), _("Check its address.")),
    "oembed_broken": (_("The oEmbed address cannot be read (%(why)s)"), _("Check it, or take it away.")),
    "no_buttons": (_("No share buttons"), _("Design some under “Share buttons” and paste them here.")),
    "login": (_("The page asks for a password"), _("Networks see what a stranger sees.")),
}

TROUBLES: dict[str, Promise] = {
    "address": _("This is no address of a web page."),
    "private": _("This address is not on the public internet."),
    "robots": _("The site's robots.txt asks us not to read this, or could not be read."),
    "login": _("The page lets only people in who sign in."),
    "gone": _("There is no page at this address (404 or 410)."),
    "status": _("The site answered with an error."),
    "kind": _("This is no web page: it is a file of another kind."),
    "large": _("The page is larger than 3 MB."),
    "slow": _("The site took too long."),
    "hops": _("The address leads from one to the next without end."),
    "unreachable": _("The site could not be reached."),
    "unsafe": _("The site map declares entities; such files are not read."),
    "empty": _("The site map names no page of its own site."),
    "no_picture": _("what is there is no picture"),
    "broken": _("Something went wrong on our side. Try again."),
}


def title_of(code: str) -> str | Promise:
    """What is wrong, without figures, for a sentence elsewhere."""
    title = WORDS[code][0] if code in WORDS else ""
    return title if "%(" not in str(title) else _("One thing more is to mend.")


def said(finding: Finding) -> tuple[str, str]:
    """(what is wrong, what to do), in the language now active."""
    title, how = WORDS[finding.code]
    values = {name: TROUBLES.get(value, value) if name == "why" else value for name, value in finding.values.items()}
    return str(title) % values if values else str(title), str(how) % values if values else str(how)


def trouble_words(word: str) -> str:
    """Why a page could not be read, in a sentence."""
    return str(TROUBLES.get(word, TROUBLES["broken"])) if word else ""
