"""Records the golden files beside it with what python-tuf 7 and securesystemslib 1 make of the inputs.

Run it by hand, in a virtual environment with both installed and `cryptography` beside them:

    python3 -m venv .build/test-venv
    .build/test-venv/bin/pip install 'tuf==7.*' cryptography
    .build/test-venv/bin/python Tests/TUFTests/Fixtures/record.py

Keys are new in each run, and no private key is kept. All bytes are written in hexadecimal digits.
"""

import hashlib
import json
import pathlib

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from securesystemslib.formats import encode_canonical
from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import DelegatedRole, SuccinctRoles

HERE = pathlib.Path(__file__).parent


def write(name, value):
    (HERE / name).write_text(json.dumps(value, indent=1) + "\n")


def canonical():
    texts = [
        "{}",
        "[]",
        " [ ] ",
        '""',
        "0",
        "-0",
        "-7",
        "123456789012345678901234567890",
        "true",
        "null",
        '{"b":1,"a":2}',
        '{"a":{"c":[1, 2, {"z":null,"y":false}],"b":""}}',
        '{"B":1,"a":2,"A":3,"_":4,"aa":5,"":6}',
        r'"\"\\\/\b\f\n\r\t"',
        r'"\u0041\u00e9\u20ac\ud83d\ude00"',
        '"\u00e9 \u20ac \U0001f600 \u007f \u2028"',
        '{"\u00e9":1,"z":2,"\uffff":3,"\U0001f600":4}',
        r'{"\ud83d\ude00":1,"\uffff":2,"\u00e9":3,"\u0000":4}',
        r'{"a\"b":1,"a\\b":2,"a\nb":3}',
        '{"a":[[],{},[{}],""],"b":{"c":{"d":{"e":[]}}}}',
        '{\r\n\t"x" : [ 1 ,\t2 ] , "y" : { "z" : -0 }\n}',
        '["1",1,true,"true"]',
    ]
    write(
        "canonical.json",
        [
            {
                "text": t.encode().hex(),
                "canonical": encode_canonical(json.loads(t)).encode().hex(),
            }
            for t in texts
        ],
    )


def patterns():
    paths = [
        "a", "b", "ab", "abc", "a.zip", ".zip", "x-1.0.zip", "dir/a.zip", "dir/sub/a.zip", "dir/", "/a",
        "a*b", "a?b", "[ab]", "a]", "a[", "a-c", "é", "aé", "€uro", "A", "^", "!", "-", "]", "a\\b", "x\ny",
        "😀", "aaaaaaaaaaaaaaaaab", "*", "?", "",
    ]
    globs = [
        "*", "?", "??", "a*", "*.zip", "*/*.zip", "dir/*", "dir/*/*", "*/*/*", "dir", "a?b", "[ab]", "[!ab]",
        "[a-c]", "[!a-c]", "[a-]", "[-a]", "[]a]", "[!]a]", "[", "[a", "a[", "[]", "[!]", "[!", "[^a]", "[[]",
        "[ab][bc]", "[c-a]", "[!c-a]", "[a-c-e]", "[--/]", "a[*]b", "a[?]b", "[[]ab]", "é", "a?", "[à-ü]",
        "[!à-ü]", "*a*a*a*a*a*a*b", "*a*a*a*a*a*a*c", "a\\b", "x?y", "**", "*.*", "[]-a]", "[a-c]*", "", "/*",
        "x-[0-9].[0-9].zip", "[😀-😂]",
    ]
    write(
        "patterns.json",
        [
            {
                "pattern": glob,
                "paths": [p for p in paths if DelegatedRole._is_target_in_pathpattern(p, glob)],
                "others": [p for p in paths if not DelegatedRole._is_target_in_pathpattern(p, glob)],
            }
            for glob in globs
        ],
    )


def digests():
    inputs = [b"", b"abc", bytes(range(256)), b"a" * 1000]
    write(
        "digests.json",
        [
            {
                "data": data.hex(),
                "sha256": hashlib.sha256(data).hexdigest(),
                "sha512": hashlib.sha512(data).hexdigest(),
                "blake2b": hashlib.blake2b(data).hexdigest(),
                "blake2b-256": hashlib.blake2b(data, digest_size=32).hexdigest(),
            }
            for data in inputs
        ],
    )


def bins():
    cases = []
    for bits in [1, 3, 4, 5, 8, 10, 14, 16, 17, 24, 32]:
        roles = SuccinctRoles([], 1, bits, "bin")
        for path in ["a", "dir/a.zip", "é.zip", "x" * 300]:
            cases.append({"bits": bits, "path": path, "role": roles.get_role_for_target(path)})
    write("bins.json", cases)


def flipped(signature):
    return signature[:-1] + bytes([signature[-1] ^ 1])


def keys():
    message = b"what is signed"
    cases = []

    def add(name, key, signature, valid, text=message):
        cases.append(
            {
                "name": name,
                "id": key.keyid,
                "key": key.to_dict(),
                "message": text.hex(),
                "signature": signature.hex(),
                "valid": valid,
            }
        )

    def add_all(name, key, signature):
        add(name, key, signature, True)
        add(name + ", a bit of the signature flipped", key, flipped(signature), False)
        add(name + ", other message", key, signature, False, message + b".")
        add(name + ", no signature", key, b"", False)

    for name, signer in [
        ("ed25519", CryptoSigner.generate_ed25519()),
        ("ecdsa as PEM", CryptoSigner.generate_ecdsa()),
        ("rsa 3072", CryptoSigner.generate_rsa()),
        ("rsa 2048", CryptoSigner.generate_rsa(size=2048)),
    ]:
        signature = bytes.fromhex(signer.sign(message).signature)
        add_all(name, signer.public_key, signature)
        if name == "ecdsa as PEM":
            other = type(signer.public_key)(
                signer.public_key.keyid, "ecdsa-sha2-nistp256", signer.public_key.scheme, signer.public_key.keyval
            )
            add("ecdsa under its older key type", other, signature, True)
            point = serialization.load_pem_public_key(signer.public_key.keyval["public"].encode()).public_bytes(
                serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
            )
            hexadecimal = type(other)(other.keyid, "ecdsa", other.scheme, {"public": point.hex()})
            add_all("ecdsa as the digits of a point", hexadecimal, signature)

        if name == "rsa 2048":
            loaded = serialization.load_pem_public_key(signer.public_key.keyval["public"].encode())
            older = loaded.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.PKCS1).decode()
            key = signer.public_key
            add_all("rsa in the older form of PEM", type(key)(key.keyid, key.keytype, key.scheme, {"public": older}), signature)
            explained = "a key\n" + key.keyval["public"]
            add("rsa behind an explanation", type(key)(key.keyid, key.keytype, key.scheme, {"public": explained}), signature, True)

    # Salts other than the digest's length are verified too.
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    signer = CryptoSigner(private)
    for name, salt in [("no salt", 0), ("the longest salt", padding.PSS.MAX_LENGTH)]:
        signature = private.sign(
            message, padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=salt), hashes.SHA256()
        )
        add("rsa with " + name, signer.public_key, signature, True)
    signature = private.sign(message, padding.PKCS1v15(), hashes.SHA256())
    add("rsa with the older padding", signer.public_key, signature, False)

    # What this client does not use verifies nothing.
    small = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    signature = small.sign(
        message, padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=32), hashes.SHA256()
    )
    add("rsa 1024", CryptoSigner(small).public_key, signature, False)
    curve = ec.generate_private_key(ec.SECP384R1())
    key = CryptoSigner(curve).public_key
    signature = curve.sign(message, ec.ECDSA(hashes.SHA256()))
    key = type(key)(key.keyid, "ecdsa", "ecdsa-sha2-nistp256", key.keyval)
    add("a key of another curve under P-256's scheme", key, signature, False)
    write("keys.json", cases)


canonical()
patterns()
digests()
bins()
keys()
