"""Keys of every type for every role, and how many of them must sign.

A role must be signed by a threshold of its distinct keys. A key that the client can't use never
counts, and never does harm.
"""

from __future__ import annotations

from collections.abc import Iterator

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, utils
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA

from case import Case
from keys import (
    SigningKey,
    ecdsa_key,
    ecdsa_p384_key,
    ed25519_key,
    hex_point,
    old_ecdsa,
    rsa_key,
)
from repository import FIVE, five_roles, set_role_keys

NO_HEX = "python-tuf reads ECDSA keys only as PEM"
REFUSES_KEY = "python-tuf refuses metadata with a key of a type or scheme that it does not know"
BY_ID = "python-tuf counts key ids, not keys"
RSA_SCHEMES = [f"{kind}-sha{bits}" for kind in ("rsassa-pss", "rsa-pkcs1v15") for bits in (256, 384, 512)]

KINDS = {
    "ed25519": (lambda number: ed25519_key(f"kind {number}"), None),
    "ecdsa": (lambda number: ecdsa_key(f"kind {number}"), None),
    "ecdsa-old-type": (lambda number: old_ecdsa(ecdsa_key(f"kind {number}")), None),
    "ecdsa-hex-point": (lambda number: hex_point(ecdsa_key(f"kind {number}")), NO_HEX),
    "ecdsa-old-type-hex-point": (
        lambda number: hex_point(old_ecdsa(ecdsa_key(f"kind {number}"))),
        NO_HEX,
    ),
    "rsa": (rsa_key, None),
}

# Threshold, how many keys there are, which of them sign, and the verdict.
MIXES = (
    (1, 1, (0,), "ok"),
    (1, 1, (), "unsigned"),
    (1, 2, (0,), "ok"),
    (1, 2, (1,), "ok"),
    (1, 2, (0, 1), "ok"),
    (2, 2, (0, 1), "ok"),
    (2, 2, (0,), "unsigned"),
    (2, 2, (1,), "unsigned"),
    (2, 3, (0, 1), "ok"),
    (2, 3, (0, 2), "ok"),
    (2, 3, (2, 1), "ok"),
    (2, 3, (2,), "unsigned"),
    (3, 3, (0, 1, 2), "ok"),
    (3, 3, (0, 2), "unsigned"),
    (3, 2, (0, 1), "unsigned"),
    (1, 0, (), "unsigned"),
    (2**31, 2, (0, 1), "unsigned"),
    (2**63 - 1, 2, (0, 1), "unsigned"),
)


def cases() -> Iterator[Case]:
    """All cases of this class."""
    yield from _kinds()
    yield from _unusable_keys()
    yield from _unusual_signatures()
    yield from _thresholds()
    yield from _one_key_many_ids()


def _case(
    name: str,
    why: str,
    role: str,
    keys: list[SigningKey],
    threshold: int = 1,
    signers: list[SigningKey] | None = None,
    verdict: str = "ok",
    python_differs: str | None = None,
) -> Case:
    """One role has those keys; everything is fetched for the first time."""
    repository = five_roles()
    set_role_keys(repository, role, keys, threshold, signers)
    return Case(f"keys-and-thresholds/{name}", why).step(
        repository.publish(),
        verdict,
        None if verdict == "ok" else role,
        targets=["file.txt"],
        visits=["role"],
        python_differs=python_differs,
    )


def _kinds() -> Iterator[Case]:
    for kind, (make, differs) in KINDS.items():
        for role in FIVE:
            key = make(0)
            yield _case(
                f"{kind}-signs-{role}",
                f"A key of that kind signs {role}.",
                role,
                [key],
                python_differs=differs,
            )
            yield _case(
                f"{kind}-signs-{role}-wrongly",
                f"Another key of that kind signs {role} under the trusted key's id.",
                role,
                [key],
                signers=[make(1).under_id(key.keyid)],
                verdict="unsigned",
            )


def _unusable() -> dict[str, tuple[SigningKey, str | None]]:
    """Keys that can't be used, and why python-tuf refuses files with them, if it does."""
    key, ecdsa, rsa = ed25519_key("unusable"), ecdsa_key("unusable"), rsa_key(2)
    pem = rsa.description["keyval"]["public"]
    off_curve = "04" + "11" * 64
    public_missing = "python-tuf refuses metadata with a key that has no public half as text"
    return {
        "unknown-type": (key.described(keytype="quantum"), REFUSES_KEY),
        "unknown-scheme": (key.described(scheme="ed25519ph"), REFUSES_KEY),
        "mixed-type": (key.described(keytype="rsa"), REFUSES_KEY),
        "type-in-capitals": (key.described(keytype="ED25519"), REFUSES_KEY),
        "type-of-no-text": (key.described(keytype=7), REFUSES_KEY),
        "scheme-of-no-text": (key.described(scheme=None), REFUSES_KEY),
        "public-of-no-text": (key.described(public=7), public_missing),
        "keyval-without-public": (key.described(keyval={}), public_missing),
        "public-empty": (key.described(public=""), None),
        "public-no-hex": (key.described(public="zz" * 32), None),
        "public-too-short": (key.described(public="ab" * 31), None),
        "public-too-long": (key.described(public="ab" * 33), None),
        "public-is-pem": (key.described(public=pem), None),
        "rsa-as-hex": (rsa.described(public="ab" * 32), None),
        "rsa-broken-pem": (rsa.described(public=pem.replace("MII", "MIJ")), None),
        "rsa-cut-off-pem": (rsa.described(public=pem[:200]), None),
        "rsa-with-ecdsa-pem": (rsa.described(public=ecdsa.description["keyval"]["public"]), None),
        "ecdsa-with-rsa-pem": (ecdsa.described(public=pem), None),
        "ecdsa-on-another-curve": (
            ecdsa.described(public=ecdsa_p384_key().description["keyval"]["public"]),
            None,
        ),
        "ecdsa-point-off-the-curve": (ecdsa.described(public=off_curve), None),
    }


def _unusable_keys() -> Iterator[Case]:
    for number, (name, (key, differs)) in enumerate(_unusable().items()):
        # Unknown types and schemes for every role; broken values for one after the other.
        roles = FIVE if number < 2 else (FIVE[number % 5],)
        for role in roles:
            yield _case(
                f"{name}-alone-{role}",
                "A key that can't be used never counts.",
                role,
                [key],
                verdict="unsigned",
            )
            yield _case(
                f"{name}-beside-a-good-one-{role}",
                "A key that can't be used does no harm to the others.",
                role,
                [key, ed25519_key("good")],
                python_differs=differs,
            )
            yield _case(
                f"{name}-can-not-fill-up-{role}",
                "A key that can't be used is none of two that must sign.",
                role,
                [key, ed25519_key("good")],
                threshold=2,
                verdict="unsigned",
            )
    for scheme in RSA_SCHEMES:
        yield _case(
            scheme,
            "RSA keys sign with either padding and three hash functions.",
            "targets",
            [rsa_key(0, scheme)],
        )
    yield _case(
        "one-rsa-key-with-two-schemes",
        "One key is one signer, whatever schemes it is listed with.",
        "targets",
        [rsa_key(0, RSA_SCHEMES[0]), rsa_key(0, RSA_SCHEMES[-1])],
        threshold=2,
        verdict="unsigned",
        python_differs=BY_ID,
    )
    yield _case(
        "other-scheme-ecdsa-p384",
        "A scheme outside of those that the client knows never counts.",
        "targets",
        [ecdsa_p384_key()],
        verdict="unsigned",
        python_differs="python-tuf knows more schemes",
    )
    yield _case(
        "rsa-of-1024-bits",
        "RSA keys under 2048 bits can be broken, so they never count.",
        "targets",
        [rsa_key(0, bits=1024)],
        verdict="unsigned",
        python_differs="python-tuf takes RSA keys of any length",
    )


def _pss(salt: int, function: hashes.HashAlgorithm):
    scheme = padding.PSS(padding.MGF1(function), salt)
    return lambda private, message: private.sign(message, scheme, function)


def _other_s(private, message: bytes) -> bytes:
    """The second valid ECDSA signature that follows from each one."""
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    r, s = utils.decode_dss_signature(private.sign(message, ECDSA(hashes.SHA256())))
    return utils.encode_dss_signature(r, order - s)


def _raw_ecdsa(private, message: bytes) -> bytes:
    r, s = utils.decode_dss_signature(private.sign(message, ECDSA(hashes.SHA256())))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def _large_s(private, message: bytes) -> bytes:
    """An Ed25519 signature whose number is beyond the group's order."""
    order = 2**252 + 27742317777372353535851937790883648493
    signature = private.sign(message)
    number = int.from_bytes(signature[32:], "little") + order
    return signature[:32] + number.to_bytes(32, "little")


def _unusual_signatures() -> Iterator[Case]:
    ed, ec, rsa = ed25519_key("unusual"), ecdsa_key("unusual"), rsa_key(0)
    sha256, sha512 = hashes.SHA256(), hashes.SHA512()
    neutral = ed.described(public="01" + "00" * 31)
    table = (
        ("ed25519-number-beyond-the-order", ed.forging(_large_s), "unsigned", None),
        ("ed25519-cut-off", ed.forging(lambda k, m: k.sign(m)[:63]), "unsigned", None),
        ("ed25519-with-more-behind", ed.forging(lambda k, m: k.sign(m) + b"\0"), "unsigned", None),
        (
            "ed25519-neutral-key",
            neutral.forging(lambda k, m: b"\1" + bytes(63)),
            "unsigned",
            "OpenSSL takes the neutral element for an Ed25519 key, which signs anything",
        ),
        ("ecdsa-other-s", ec.forging(_other_s), "ok", None),
        ("ecdsa-not-der", ec.forging(_raw_ecdsa), "unsigned", None),
        (
            "ecdsa-with-more-behind",
            ec.forging(lambda k, m: k.sign(m, ECDSA(sha256)) + b"\0"),
            "unsigned",
            None,
        ),
        (
            "ecdsa-sha512",
            ec.forging(lambda k, m: k.sign(m, ECDSA(sha512))),
            "unsigned",
            None,
        ),
        (
            "ecdsa-zeros",
            ec.forging(lambda k, m: bytes.fromhex("3006020100020100")),
            "unsigned",
            None,
        ),
        ("rsa-salt-of-32-bytes", rsa.forging(_pss(32, sha256)), "ok", None),
        ("rsa-without-salt", rsa.forging(_pss(0, sha256)), "ok", None),
        ("rsa-longest-salt", rsa.forging(_pss(222, sha256)), "ok", None),
        ("rsa-pss-sha512", rsa.forging(_pss(32, sha512)), "unsigned", None),
        (
            "rsa-pkcs1v15",
            rsa.forging(lambda k, m: k.sign(m, padding.PKCS1v15(), sha256)),
            "unsigned",
            None,
        ),
        ("rsa-zeros", rsa.forging(lambda k, m: bytes(256)), "unsigned", None),
        ("rsa-empty", rsa.forging(lambda k, m: b""), "unsigned", None),
    )
    for name, key, verdict, differs in table:
        yield _case(
            f"signature-{name}",
            "A signature is valid or not by its scheme alone.",
            "targets",
            [key],
            verdict=verdict,
            python_differs=differs,
        )


def _thresholds() -> Iterator[Case]:
    for threshold, count, signing, verdict in MIXES:
        who = "-".join(str(index + 1) for index in signing) or "none"
        for role in FIVE:
            keys = [ed25519_key(f"threshold {index}") for index in range(count)]
            yield _case(
                f"{threshold}-of-{count}-signed-by-{who}-{role}",
                f"Signatures of {len(signing)} keys for a threshold of {threshold}.",
                role,
                keys,
                threshold,
                [keys[index] for index in signing],
                verdict,
            )
    kinds = [ed25519_key("mixed"), ecdsa_key("mixed"), rsa_key(0)]
    for role in FIVE:
        yield _case(f"3-of-3-kinds-{role}", "Kinds of keys mix.", role, kinds, 3)
        yield _case(
            f"3-of-3-kinds-one-missing-{role}",
            "Kinds of keys mix, and all count alike.",
            role,
            kinds,
            3,
            kinds[:2],
            "unsigned",
        )


def _one_key_many_ids() -> Iterator[Case]:
    ed, ec, rsa = ed25519_key("same"), ecdsa_key("same"), rsa_key(0)
    pem = rsa.description["keyval"]["public"]
    capitals = ed.described(public=ed.description["keyval"]["public"].upper())
    table = (
        ("copied", ed, ed.under_id("other"), BY_ID),
        ("in-capitals", ed, capitals.under_id("other"), BY_ID),
        ("as-hex-point", ec, hex_point(ec).under_id("other"), None),
        ("of-the-old-type", ec, old_ecdsa(ec).under_id("other"), BY_ID),
        ("with-other-line-ends", rsa, rsa.described(public=pem + "\n").under_id("other"), BY_ID),
        ("with-unknown-field", ed, ed.described(x="y").under_id("other"), BY_ID),
    )
    for number, (name, key, twin, differs) in enumerate(table):
        for role in FIVE if number == 0 else (FIVE[number % 5],):
            yield _case(
                f"one-key-two-ids-{name}-{role}",
                "The same key under two ids is one key.",
                role,
                [key, twin],
                2,
                verdict="unsigned",
                python_differs=differs,
            )
            yield _case(
                f"one-key-two-ids-{name}-and-another-{role}",
                "The same key under two ids counts once, and another one beside it.",
                role,
                [key, twin, ed25519_key("another")],
                2,
            )
    for name, keyid in (("no-hash", "my key"), ("empty", ""), ("unicode", "schlüssel 🔑")):
        yield _case(
            f"key-id-{name}",
            "Key ids are taken as they are.",
            "targets",
            [ed.under_id(keyid)],
        )
