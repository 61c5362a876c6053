"""The page on which a person lets an app act for them; the same bones on every network."""

from __future__ import annotations

from sandbox.look import draw
from sandbox.nouns import Account, App
from sandbox.wire import HTML, Answer, Call


def ask(call: Call, *, app: App, choices: list[Account], scopes: dict[str, str], multiple: bool = False) -> Answer:
    """Draw the consent page; its form POSTs back to the same address.

    The form repeats the query's fields and adds `person` (an account id; several with `multiple`) and
    `decision` ("allow" or "deny"). `scopes` maps each scope to what it lets the app do, in a person's words.
    """
    wire = call.house.wires[call.network]
    page = draw(
        "consent.html",
        wire=wire,
        app=app,
        choices=choices,
        scopes=scopes,
        multiple=multiple,
        fields=call.query,
        action=f"/{call.host}{call.path}",
    )
    return Answer(200, page, kind=HTML)


def wrong(call: Call, says: str, status: int = 400) -> Answer:
    """The page a person sees when the app asked for something it may not have; there is no way back to it."""
    wire = call.house.wires[call.network]
    return Answer(status, draw("consent_error.html", wire=wire, says=says), kind=HTML)


def back(address: str) -> Answer:
    """Send the browser back to the app."""
    return Answer(302, "", {"Location": address}, HTML)
