"""The keys that simulated repositories are signed with.

Keys are made once and shared: making an RSA key costs more than everything else in a case.
Ed25519 and ECDSA keys follow from their names, so that their ids are the same in every run.
"""

from __future__ import annotations

import copy
import functools
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from securesystemslib.signer import CryptoSigner, Key, Signature, SSlibKey


class WrittenKey(Key):
    """A public key exactly as metadata writes it, whether or not anybody can use it."""

    def __init__(self, keyid: str, description: Any) -> None:
        super().__init__(keyid, "", "", {})
        self.description = description

    @classmethod
    def from_dict(cls, keyid: str, key_dict: dict[str, Any]) -> WrittenKey:
        """Takes any description."""
        return cls(keyid, key_dict)

    def to_dict(self) -> Any:
        """The description, as a copy because callers change what they get."""
        return copy.deepcopy(self.description)

    def verify_signature(self, signature: Signature, data: bytes) -> None:
        """The repository's side never verifies."""
        raise NotImplementedError


@dataclass(frozen=True)
class SigningKey:
    """A private key, with the id and the description that metadata gives its public half."""

    private: Any
    keyid: str
    description: Any
    signer: CryptoSigner
    forge: Callable[[Any, bytes], bytes] | None = None
    """Makes the signature in place of the signer, from the private key and the message."""

    @property
    def public(self) -> Key:
        """The public half for python-tuf's Metadata API."""
        return WrittenKey(self.keyid, self.description)

    def sign(self, message: bytes) -> dict[str, str]:
        """A signature as it stands in metadata."""
        if self.forge:
            return {"keyid": self.keyid, "sig": self.forge(self.private, message).hex()}
        return {"keyid": self.keyid, "sig": self.signer.sign(message).signature}

    def under_id(self, keyid: str) -> SigningKey:
        """The same key under another id."""
        return replace(self, keyid=keyid)

    def forging(self, forge: Callable[[Any, bytes], bytes]) -> SigningKey:
        """The same key, whose signatures are made in another way."""
        return replace(self, forge=forge)

    def described(self, **fields: Any) -> SigningKey:
        """The same key with other fields in its description; ``public`` is that of ``keyval``."""
        description = copy.deepcopy(self.description)
        if "public" in fields:
            description["keyval"]["public"] = fields.pop("public")
        description.update(fields)
        return replace(self, description=description)


def _signing(private: Any, **options: Any) -> SigningKey:
    public = SSlibKey.from_crypto(private.public_key(), **options)
    return SigningKey(private, public.keyid, public.to_dict(), CryptoSigner(private, public))


@functools.cache
def ed25519_key(name: str) -> SigningKey:
    """The Ed25519 key of that name."""
    seed = hashlib.sha256(b"ed25519 " + name.encode()).digest()
    return _signing(ed25519.Ed25519PrivateKey.from_private_bytes(seed))


@functools.cache
def ecdsa_key(name: str) -> SigningKey:
    """The ECDSA key of that name on P-256, written as PEM under the key type ``ecdsa``."""
    number = int.from_bytes(hashlib.sha256(b"ecdsa " + name.encode()).digest(), "big") >> 1
    return _signing(ec.derive_private_key(number, ec.SECP256R1()))


@functools.cache
def ecdsa_p384_key() -> SigningKey:
    """A key on P-384, which not every client knows."""
    return _signing(ec.derive_private_key(384384384, ec.SECP384R1()))


@functools.cache
def _rsa_private(number: int, bits: int) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


@functools.cache
def rsa_key(number: int = 0, scheme: str = "rsassa-pss-sha256", bits: int = 2048) -> SigningKey:
    """The RSA key of that number and length, for that scheme."""
    return _signing(_rsa_private(number, bits), scheme=scheme)


def old_ecdsa(key: SigningKey) -> SigningKey:
    """An ECDSA key under the older key type, which is named for the scheme."""
    return key.described(keytype="ecdsa-sha2-nistp256")


def hex_point(key: SigningKey) -> SigningKey:
    """An ECDSA key with its uncompressed point in hexadecimal digits in place of PEM."""
    public = serialization.load_pem_public_key(key.description["keyval"]["public"].encode())
    point = public.public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )
    return key.described(public=point.hex())
