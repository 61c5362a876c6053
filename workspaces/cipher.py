"""Sealing bytes: AES-256-GCM, bound to whom they belong to; a wrong key or another owner's seal raises."""

from __future__ import annotations

import base64
import binascii
import os
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
NONCE_BYTES = 12


class SealBroken(Exception):
    """These bytes were not sealed with this key for this owner, or were changed since."""


class NoKey(Exception):
    """The key that sealed this is not in VAULT_KEYS, or VAULT_KEYS is empty or unreadable."""


def new_key() -> bytes:
    """32 random bytes."""
    return AESGCM.generate_key(bit_length=KEY_BYTES * 8)


def seal(key: bytes, plaintext: bytes, *, bound_to: str) -> bytes:
    """nonce + ciphertext + tag. `bound_to` must be given again, the same, to open it."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plaintext, bound_to.encode())


def unseal(key: bytes, sealed: bytes, *, bound_to: str) -> bytes:
    """The plaintext. Raises SealBroken."""
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound_to.encode())
    except (InvalidTag, ValueError) as error:
        raise SealBroken("This seal does not open with this key for this owner") from error


@dataclass(frozen=True, slots=True)
class Ring:
    """The key-encryption keys: the first seals, every one opens."""

    keys: tuple[tuple[str, bytes], ...]

    @classmethod
    def read(cls, text: str) -> Ring:
        """From "id:base64,id:base64". Raises NoKey when it is empty or a key is not 32 bytes of base64."""
        keys = []
        for item in filter(None, (part.strip() for part in text.split(","))):
            name, _, encoded = item.partition(":")
            try:
                key = base64.b64decode(encoded, validate=True)
            except binascii.Error as error:
                raise NoKey(f"VAULT_KEYS: the key named {name!r} is not base64") from error
            if len(key) != KEY_BYTES or not name:
                raise NoKey(f"VAULT_KEYS: the key named {name!r} is not {KEY_BYTES} bytes")
            keys.append((name, key))
        if not keys:
            raise NoKey("VAULT_KEYS is empty: credentials cannot be sealed")
        return cls(tuple(keys))

    @property
    def newest(self) -> tuple[str, bytes]:
        return self.keys[0]

    def key(self, name: str) -> bytes:
        """The key called `name`. Raises NoKey."""
        for known, key in self.keys:
            if known == name:
                return key
        raise NoKey(f"VAULT_KEYS has no key named {name!r}")
