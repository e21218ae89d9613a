"""Records the golden files beside it with what python-tuf 7 and securesystemslib 1 make of the inputs.

Run it by hand, in a virtual environment with both installed and `cryptography` beside them:

    python3 -m venv .build/test-venv
    .build/test-venv/bin/pip install 'tuf==7.*' cryptography
    .build/test-venv/bin/python Tests/Client/TUFTests/Fixtures/record.py

Keys are new in each run, and no private key is kept. All bytes are written in hexadecimal digits.
"""

import base64
import hashlib
import json
import pathlib

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from securesystemslib.exceptions import UnverifiedSignatureError
from securesystemslib.formats import encode_canonical
from securesystemslib.signer import CryptoSigner, Signature, SSlibKey
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


def tlv(tag, value):
    """One value in DER."""
    length = len(value)
    if length < 128:
        return bytes([tag, length]) + value
    size = (length.bit_length() + 7) // 8
    return bytes([tag, 128 | size]) + length.to_bytes(size, "big") + value


def spki(modulus, exponent):
    """An RSA key as SubjectPublicKeyInfo, be it one that no library would write."""

    def integer(number):
        return tlv(2, number.to_bytes(number.bit_length() // 8 + 1, "big", signed=True))

    algorithm = tlv(0x30, tlv(6, bytes.fromhex("2a864886f70d010101")) + tlv(5, b""))
    key = tlv(0x30, integer(modulus) + integer(exponent))
    return tlv(0x30, algorithm + tlv(3, b"\0" + key))


def holds(key, signature, text):
    try:
        key.verify_signature(Signature(key.keyid, signature.hex()), text)
        return True
    except UnverifiedSignatureError:
        return False


def keys():
    message = b"what is signed"
    cases = []

    def add(name, key, signature, valid, text=message, theirs=None):
        """`theirs` is what securesystemslib makes of it, where that is something else."""
        assert holds(key, signature, text) == (valid if theirs is None else theirs), name
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

    def add_all(name, key, signature, theirs=None):
        add(name, key, signature, True, theirs=theirs)
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
            add_all("ecdsa as the digits of a point", hexadecimal, signature, theirs=False)

        if name == "rsa 2048":
            loaded = serialization.load_pem_public_key(signer.public_key.keyval["public"].encode())
            older = loaded.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.PKCS1).decode()
            key = signer.public_key
            add_all("rsa in the older form of PEM", type(key)(key.keyid, key.keytype, key.scheme, {"public": older}), signature)
            explained = "a key\n" + key.keyval["public"]
            add("rsa behind an explanation", type(key)(key.keyid, key.keytype, key.scheme, {"public": explained}), signature, True)

    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    signer = CryptoSigner(private)

    # Every scheme that securesystemslib takes, each with the signatures of all: its own is the one that holds.
    public = signer.public_key.keyval
    made = {}
    for kind in ["rsassa-pss", "rsa-pkcs1v15"]:
        for bits in [256, 384, 512]:
            scheme = f"{kind}-sha{bits}"
            key = SSlibKey.from_crypto(private.public_key(), scheme=scheme)
            made[scheme] = (key, bytes.fromhex(CryptoSigner(private, key).sign(message).signature))
    for scheme, (key, signature) in made.items():
        add_all(scheme, key, signature)
        for other, (_, foreign) in made.items():
            if other != scheme:
                add(f"{scheme}, a signature of {other}", key, foreign, False)
        for name, bad in [("a byte short", signature[:-1]), ("a zero before it", b"\0" + signature)]:
            add(f"{scheme}, {name}", key, bad, False)
        if "pss" in scheme:
            hash_function = {"256": hashes.SHA256, "384": hashes.SHA384, "512": hashes.SHA512}[scheme[-3:]]()
            for name, salt in [("no salt", 0), ("a salt of 20", 20), ("the longest salt", padding.PSS.MAX_LENGTH)]:
                odd = padding.PSS(mgf=padding.MGF1(hash_function), salt_length=salt)
                add(f"{scheme} with {name}", key, private.sign(message, odd, hash_function), True)
            mixed = padding.PSS(mgf=padding.MGF1(hashes.SHA1()), salt_length=20)
            add(f"{scheme} with another hash in its mask", key, private.sign(message, mixed, hash_function), False)

    # A scheme with which securesystemslib could verify, and which it takes from no metadata.
    mask = padding.PSS(mgf=padding.MGF1(hashes.SHA224()), salt_length=28)
    key = SSlibKey("id", "rsa", "rsassa-pss-sha224", public)
    add("rsassa-pss-sha224", key, private.sign(message, mask, hashes.SHA224()), False, theirs=True)

    # What is no RSA key, under each scheme.
    numbers = private.public_key().public_numbers()
    good = spki(numbers.n, numbers.e)
    for scheme, (_, signature) in made.items():
        for name, der in [
            ("exponent 1", spki(numbers.n, 1)),
            ("exponent 0", spki(numbers.n, 0)),
            ("an exponent of five bytes", spki(numbers.n, 1 << 32 | 1)),
            ("an even modulus", spki(numbers.n - 1, numbers.e)),
            ("a negative modulus", spki(-numbers.n, numbers.e)),
            ("a modulus of 1024 bits", spki(numbers.n >> 1024 | 1, numbers.e)),
            ("a modulus of 16384 bits", spki(1 << 16383 | 1, numbers.e)),
            ("bytes behind it", good + b"\0"),
            ("its last byte missing", good[:-1]),
            ("nothing", b""),
        ]:
            text = "-----BEGIN PUBLIC KEY-----\n%s\n-----END PUBLIC KEY-----\n" % base64.b64encode(der).decode()
            add(f"{scheme}, {name}", SSlibKey("id", "rsa", scheme, {"public": text}), signature, False)
        point = ec.generate_private_key(ec.SECP256R1()).public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        add(f"{scheme}, a key on P-256", SSlibKey("id", "rsa", scheme, {"public": point.decode()}), signature, False)

    # What this client does not use verifies nothing.
    small = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    signature = small.sign(
        message, padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=32), hashes.SHA256()
    )
    add("rsa 1024", CryptoSigner(small).public_key, signature, False, theirs=True)
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
