"""How a person's blog is found, and how they let us in: application passwords, by its own page or by hand."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin, urlsplit

from networks.adapters.wordpress.errors import BLOCKED, Json, said
from networks.adapters.wordpress.site import ME, address, basic
from networks.protocol import Credentials, Door, NotOurs, RemoteAccount, TryLater
from networks.site_wire import SiteReply, SiteWire, host_of
from networks.wire import Reach, before_final_call, retry_after

APP_NAME = "Gardu"
APP_ID = "5a7f4f0e-6c1b-4f0f-9a57-6b6f0f7e9a11"  # ours for good: a person sees one entry for all that Gardu made
RELATION = "https://api.w.org/"
LINK = re.compile(r'<([^>]+)>\s*;[^,]*rel="?https://api\.w\.org/"?')
INSIDE = re.compile(r"/(?:wp-admin|wp-login\.php|wp-json|xmlrpc\.php).*$", re.I)
HOST = re.compile(r"[\w-]+(?:\.[\w-]+)+|localhost|[0-9a-f:.]*:[0-9a-f:.]*")
HOPS = 4
CONSENT = "application-passwords"

NO_SITE = "No WordPress blog answers at this address. Check it, or ask whoever runs the blog."
NO_HTTPS = "This address is not secure. WordPress takes application passwords over https only."
NO_INTERFACE = (
    "This blog keeps its REST interface closed, so Gardu cannot write there. The help below says what to ask for."
)
NO_PASSWORDS = "This blog does not offer application passwords. The help below says what to ask for."
WRONG = "The blog did not accept this user and application password."
DECLINED = "You did not give access, so nothing was connected."


def typed(text: str, reach: Reach) -> str:
    """The address of a blog from what a person typed or pasted. Raises NotOurs."""
    text = text.strip()
    text = text if "://" in text else f"https://{text}"
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
    except ValueError as error:
        raise NotOurs(NO_SITE) from error
    if not HOST.fullmatch(host) or parts.username or parts.scheme not in ("http", "https"):
        raise NotOurs(NO_SITE)
    scheme = parts.scheme if host in reach.private else "https"
    return f"{scheme}://{host_of(text)}{INSIDE.sub('', parts.path).rstrip('/')}"


def knock(wire: SiteWire, reach: Reach, text: str) -> Door:
    """Find the interface by the Link header, by the page's head, or where it usually is."""
    home = typed(text, reach)
    page = _home(wire, reach, home)
    named = _named(page)
    tries = [urljoin(page.url, named)] if named else [f"{home}/wp-json/", f"{home}/?rest_route=/"]
    for root in tries:
        _secure(root, reach)
        reply = _get(wire, root)
        index = said(reply)
        if reply.status == 200 and "namespaces" in index:
            return _door(root, index, home, reach)
    if named or "wp-content" in page.content.decode("utf-8", "replace"):
        raise NotOurs(BLOCKED if reply.is_html and reply.status in (403, 406) else NO_INTERFACE)
    raise NotOurs(NO_SITE)


def _home(wire: SiteWire, reach: Reach, url: str) -> SiteReply:
    """The blog's front page, wherever it sends us within a few hops."""
    for _hop in range(HOPS):
        _secure(url, reach)
        reply = _get(wire, url)
        if not 300 <= reply.status < 400:
            return reply
        url = reach.public(urljoin(url, reply.headers.get("Location", "")))
    raise NotOurs(NO_SITE)


def _secure(url: str, reach: Reach) -> None:
    parts = urlsplit(url)
    if parts.scheme != "https" and parts.hostname not in reach.private:
        raise NotOurs(NO_HTTPS)


def _get(wire: SiteWire, url: str, secret: str = "") -> SiteReply:
    """Raises TryLater where the site does not answer, or asks us to come back."""
    headers = {"Accept": "application/json, text/html;q=0.9"}
    if secret:
        headers["Authorization"] = basic(secret)
    with before_final_call():
        reply = wire.ask("GET", url, headers=headers)
    if reply.status == 429 or reply.status >= 500:
        said_status = f"HTTP {reply.status}"
        raise TryLater("The blog did not answer.", after=retry_after(reply.headers), detail=said_status)
    return reply


def _named(page: SiteReply) -> str:
    """Where the page says that its interface is; "" when it does not."""
    if found := LINK.search(page.headers.get("Link", "")):
        return found[1]
    head = _Head()
    head.feed(page.content[:300_000].decode("utf-8", "replace"))
    return head.root


class _Head(HTMLParser):
    """Looks for the link that WordPress puts into each page's head."""

    root = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        if tag == "link" and known.get("rel") == RELATION and not self.root:
            self.root = known.get("href") or ""


def _door(root: str, index: Json, home: str, reach: Reach) -> Door:
    named = index.get("url") or index.get("home") or home
    site = str(named) if isinstance(named, str) and urlsplit(named).hostname else home
    offered = index.get("authentication")
    offered = offered.get(CONSENT) if isinstance(offered, dict) else None
    endpoints = offered.get("endpoints") if isinstance(offered, dict) else None
    consent = str(endpoints.get("authorization", "")) if isinstance(endpoints, dict) else ""
    if consent:
        _secure(consent, reach)
    parts = urlsplit(site)
    name = str(index.get("name") or "").strip() or parts.netloc
    return Door(uid=f"{host_of(site)}{parts.path.rstrip('/')}", name=name[:200], root=root, consent=consent)


def consent_url(door: Door, *, state: str, redirect_uri: str) -> str:
    """The blog's own page that makes an application password. Raises NotOurs when it has none."""
    if not door.consent:
        raise NotOurs(NO_PASSWORDS)
    joiner = "&" if "?" in redirect_uri else "?"
    back = f"{redirect_uri}{joiner}{urlencode({'state': state})}"
    asked = {"app_name": APP_NAME, "app_id": APP_ID, "success_url": back, "reject_url": f"{back}&error=rejected"}
    return f"{door.consent}{'&' if '?' in door.consent else '?'}{urlencode(asked)}"


def admit(wire: SiteWire, door: Door, given: Mapping[str, str]) -> RemoteAccount:
    """What the blog sent back. Which blog it was we know by the state alone: `site_url` is not believed."""
    if given.get("error") or given.get("success") == "false" or not given.get("password"):
        raise NotOurs(DECLINED)
    return enter(wire, door, user=given.get("user_login", ""), password=given["password"])


def enter(wire: SiteWire, door: Door, *, user: str, password: str) -> RemoteAccount:
    """Who this user and application password are on the blog. Raises NotOurs, TryLater."""
    user, password = user.strip(), " ".join(password.split())
    if not user or not password or ":" in user:
        raise NotOurs(WRONG)
    secret = f"{user}:{password}"
    reply = _get(wire, address(door.root, ME, {"context": "edit"}), secret)
    found = said(reply)
    if reply.status != 200 or not isinstance(found.get("id"), int):
        raise NotOurs(NO_INTERFACE if found.get("code") in ("rest_no_route", "rest_disabled") else WRONG)
    may = found.get("capabilities")
    if isinstance(may, dict) and not may.get("edit_posts"):
        raise NotOurs("This user may not write posts on the blog. Use one who is author, editor or administrator.")
    pictures = found.get("avatar_urls")
    avatar = str(list(pictures.values())[-1]) if isinstance(pictures, dict) and pictures else ""
    return RemoteAccount(
        uid=door.uid,
        name=door.name,
        handle=door.uid,
        avatar_url=avatar if avatar.startswith("https://") else "",
        kind="blog",
        credentials=Credentials(
            access_token=secret,
            extra={"root": door.root, "user_id": str(found["id"]), "user": user},
        ),
    )
