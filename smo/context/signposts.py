"""What a visitor reads where a short link does not simply lead on: unknown, over, or somewhere to look at first."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation.trans_real import get_supported_language_variant, parse_accept_lang_header

from smo.rules.addresses import host_of

STATUS = {
    "unknown": "404 Not Found",
    "expired": "410 Gone",
    "away": "503 Service Unavailable",
    "method": "405 Method Not Allowed",
}
POLICY = "default-src 'none'; style-src %s; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


def signpost(
    word: str,
    environ: dict[str, Any],  # Any: a WSGI environment
    start: Callable[..., Any],  # Any: what a WSGI server gives
    *,
    onward: str = "",
) -> Iterable[bytes]:
    """The page for `word`: unknown, expired, away, method; or a flag, with the way `onward`."""
    with translation.override(_language(environ.get("HTTP_ACCEPT_LANGUAGE", ""))):
        context = {"word": word, "onward": onward, "host": host_of(onward), "language": translation.get_language()}
        context["house"] = settings.PUBLIC_URL
        body = render_to_string("smo/signpost.html", context).encode()
    headers = [
        ("Content-Type", "text/html; charset=utf-8"),
        ("Content-Length", str(len(body))),
        ("Cache-Control", "no-store, private"),
        ("Content-Security-Policy", POLICY % settings.PUBLIC_URL),
        ("Referrer-Policy", "no-referrer"),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Robots-Tag", "noindex"),
    ]
    headers += [("Allow", "GET, HEAD")] if word == "method" else []
    headers += [("Retry-After", "5")] if word == "away" else []
    start(STATUS.get(word, "200 OK"), headers)
    return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]


def _language(accepted: str) -> str:
    """The first language of the browser that we speak."""
    for code, _weight in parse_accept_lang_header(accepted[:200]):
        try:
            return get_supported_language_variant(code)
        except LookupError:
            continue
    return "en"
