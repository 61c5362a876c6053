"""A person names their own site and lets us in there; nothing secret stays anywhere but in the vault."""

from __future__ import annotations

import html
import logging
import re
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from networks.actions import sender
from networks.models import Consent
from tests.cast import Cast
from tests.networks.every import allow
from tests.networks.test_connect import accounts, signed_in
from tests.sandbox_process import SandboxProcess
from workspaces.models import AuditEntry
from workspaces.tenancy import entered

BLOG = "teraskopi.press.example"


@pytest.fixture(autouse=True)
def at_the_sandbox(sandbox: SandboxProcess, settings: Settings) -> None:
    settings.SANDBOX_URL, settings.NETWORKS = sandbox.url, {}
    settings.PUBLIC_URL = sandbox.ask("state")["app_url"]


def page(cast: Cast) -> str:
    return reverse("networks:site", args=[cast.workspace.slug, "wordpress"])


def found(client: Client, cast: Cast, query: str = "") -> str:
    """The address of the blog's own page, as the person's browser opens it."""
    shown = client.post(page(cast) + query, {"address": f"https://{BLOG}/wp-admin/"})
    assert shown.status_code == 200, shown.content
    link = re.search(r'href="(http[^"]*authorize-application[^"]*)"', shown.content.decode())
    assert link, shown.content
    return html.unescape(link[1])


def test_a_blog_is_found_approved_and_connected(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    client = signed_in(cast.bob.user)
    begun = client.get(reverse("networks:connect", args=[cast.workspace.slug, "wordpress"]))
    assert (begun.status_code, begun.headers["Location"]) == (302, page(cast))
    back = allow(found(client, cast))
    shown = client.get(reverse("networks:callback", args=["wordpress"]) + "?" + urlencode(back), follow=True)
    assert "is connected." in shown.content.decode()
    [account] = accounts(cast)
    assert (account.network, account.uid, account.expires_at) == ("wordpress", BLOG, None)
    secret = sender(account).credentials.access_token
    assert secret == f"{back['user_login']}:{back['password']}"
    with entered(cast.workspace.pk):
        told = [str(line.facts) for line in AuditEntry.objects.all()]
        assert not Consent.objects.exists()
    assert back["password"].encode() not in bytes(account.sealed)
    assert back["password"] not in caplog.text + "".join(told) + shown.content.decode()


def test_a_typed_password_connects_and_a_wrong_one_is_said(cast: Cast, sandbox: SandboxProcess) -> None:
    client = signed_in(cast.bob.user)
    user, _, password = sandbox.control("tokens", network="wordpress", account="teraskopi")["id"].partition(":")
    wrong = client.post(page(cast), {"address": BLOG, "user": user, "password": "no no no"})
    assert wrong.status_code == 422 and "did not accept" in wrong.content.decode()
    assert "no no no" not in wrong.content.decode() and accounts(cast) == []
    right = client.post(page(cast), {"address": BLOG, "user": user, "password": password})
    assert right.status_code == 302 and [one.uid for one in accounts(cast)] == [BLOG]


def test_another_blog_does_not_take_the_place_of_the_one_to_be_reconnected(cast: Cast, sandbox: SandboxProcess) -> None:
    client = signed_in(cast.bob.user)
    client.get(reverse("networks:callback", args=["wordpress"]) + "?" + urlencode(allow(found(client, cast))))
    [account] = accounts(cast)
    user, _, password = sandbox.control("tokens", network="wordpress", account="teraskopilab")["id"].partition(":")
    typed = {"address": "teraskopilab.press.example", "user": user, "password": password}
    shown = client.post(f"{page(cast)}?account={account.pk}", typed)
    assert shown.status_code == 422 and len(accounts(cast)) == 1
    shown = client.get(f"{page(cast)}?account={account.pk}")
    assert f'value="{BLOG}"' in shown.content.decode()


@pytest.mark.parametrize("address", ["127.0.0.1", "169.254.169.254", "localhost:5432", "nobody.example", "kopi"])
def test_an_address_that_is_no_site_of_the_public_web_is_said_so(cast: Cast, settings: Settings, address: str) -> None:
    settings.SANDBOX_URL = ""
    shown = signed_in(cast.bob.user).post(page(cast), {"address": address})
    assert shown.status_code == 422 and 'role="alert"' in shown.content.decode()


def test_only_who_may_connect_sees_the_page(cast: Cast) -> None:
    assert signed_in(cast.charlie).get(page(cast)).status_code == 404
    assert Client().get(page(cast)).status_code in (302, 404)
