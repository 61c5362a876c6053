"""What opens a customer's accounts is sealed, and opens for nobody else."""

import base64
import os

import pytest
from django.core.management import call_command
from pytest_django.fixtures import Settings as SettingsWrapper

from tests.cast import Cast
from workspaces import vault
from workspaces.models import DataKey
from workspaces.tenancy import entered

pytestmark = pytest.mark.django_db


def key(name: str) -> str:
    return f"{name}:{base64.b64encode(os.urandom(32)).decode()}"


def test_what_was_sealed_opens_in_its_workspace(cast: Cast) -> None:
    with entered(cast.workspace.pk):
        sealed = vault.seal(cast.workspace.pk, b"token", context="account:1")
        assert b"token" not in sealed
        assert vault.open_sealed(cast.workspace.pk, sealed, context="account:1") == b"token"


def test_it_opens_for_no_other_account_and_no_other_workspace(cast: Cast) -> None:
    with entered(cast.workspace.pk):
        sealed = vault.seal(cast.workspace.pk, b"token", context="account:1")
        with pytest.raises(vault.SealBroken):
            vault.open_sealed(cast.workspace.pk, sealed, context="account:2")
    with entered(cast.elsewhere.pk), pytest.raises(vault.SealBroken):
        vault.open_sealed(cast.elsewhere.pk, sealed, context="account:1")


def test_a_changed_byte_is_noticed(cast: Cast) -> None:
    with entered(cast.workspace.pk):
        sealed = bytearray(vault.seal(cast.workspace.pk, b"token", context="account:1"))
        sealed[-1] ^= 1
        with pytest.raises(vault.SealBroken):
            vault.open_sealed(cast.workspace.pk, bytes(sealed), context="account:1")


def test_a_wrong_or_missing_key_raises(cast: Cast, settings: SettingsWrapper) -> None:
    settings.VAULT_KEYS = key("one")
    with entered(cast.workspace.pk):
        sealed = vault.seal(cast.workspace.pk, b"token", context="account:1")
        settings.VAULT_KEYS = key("one")  # the same name, another key
        with pytest.raises(vault.SealBroken):
            vault.open_sealed(cast.workspace.pk, sealed, context="account:1")
        settings.VAULT_KEYS = key("two")
        with pytest.raises(vault.NoKey):
            vault.open_sealed(cast.workspace.pk, sealed, context="account:1")
        settings.VAULT_KEYS = ""
        with pytest.raises(vault.NoKey):
            vault.seal(cast.workspace.pk, b"token", context="account:1")


def test_rotating_lets_the_old_key_be_thrown_away(cast: Cast, settings: SettingsWrapper) -> None:
    old, new = key("old"), key("new")
    settings.VAULT_KEYS = old
    with entered(cast.workspace.pk):
        sealed = vault.seal(cast.workspace.pk, b"token", context="account:1")
    settings.VAULT_KEYS = f"{new},{old}"
    call_command("rotate_vault")
    settings.VAULT_KEYS = new
    with entered(cast.workspace.pk):
        assert vault.open_sealed(cast.workspace.pk, sealed, context="account:1") == b"token"
        assert set(DataKey.objects.values_list("kek", flat=True)) == {"new"}
