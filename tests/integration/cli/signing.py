"""Rulesets and trust documents in signed form (distribution.md), made with the openssl command instead of Fanion's code."""
import base64
import hashlib
import json
import pathlib
import subprocess
import tempfile

MANIFEST = "application/vnd.fanion.manifest.v1+json"
TRUST = "application/vnd.fanion.trust.v1+json"
ISSUED_AT = 1763720000123
FOREVER = 253402300799999


def compact(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def openssl(*arguments, **more):
    return subprocess.run(["openssl", *arguments], check=True, capture_output=True, timeout=60, **more).stdout


class Key:
    """An Ed25519 key."""

    def __init__(self, pem=None):
        self.pem = pem or openssl("genpkey", "-algorithm", "ed25519")
        der = openssl("pkey", "-pubout", "-outform", "DER", input=self.pem)
        self.kid = hashlib.sha256(der).hexdigest()[:16]
        self.public = base64.b64encode(der[-32:]).decode()

    def entry(self, **more):
        return {"kid": self.kid, "alg": "Ed25519", "pub": self.public, **more}

    def sign(self, kind, payload):
        """A member of `sigs`: Ed25519 over DSSE's pre-authentication encoding."""
        with tempfile.TemporaryDirectory() as folder:
            key, data = pathlib.Path(folder, "key"), pathlib.Path(folder, "data")
            key.write_bytes(self.pem)
            data.write_bytes(f"DSSEv1 {len(kind)} {kind} {len(payload)} ".encode() + payload)
            signature = openssl("pkeyutl", "-sign", "-rawin", "-inkey", str(key), "-in", str(data))
        return {"kid": self.kid, "sig": base64.b64encode(signature).decode()}


def signed(kind, payload, *keys):
    return compact({"v": 1, "sigs": [key.sign(kind, payload) for key in keys]}) + b"\n" + payload + b"\n"


def trust_document(root_key, /, *signers, **changes):
    """Signers with scope `*` unless they are entries of their own."""
    entries = [s.entry(not_before=0, not_after=FOREVER, scope=["*"]) if isinstance(s, Key) else s for s in signers]
    document = {"typ": "trust", "iss": "fanion:test", "version": 1, "expires_at": FOREVER, "epoch_floor": 0,
                "root": {"threshold": 1, "keys": [root_key.entry()]}, "signers": entries, **changes}
    return signed(TRUST, compact(document), root_key)


def manifest(items, /, **changes):
    hashes = b"".join(key.encode() + b"\0" + hashlib.sha256(body).digest() for key, body in sorted(items.items()))
    size = sum(len(key.encode()) + len(body) + 2 for key, body in items.items())
    return {"typ": "full", "iss": "fanion:test", "org": "acme", "project": "web", "env": "production", "env_id": "e_test",
            "min_reader": 1, "epoch": 1763719200, "version": 4, "root": hashlib.sha256(hashes).hexdigest(),
            "items": len(items), "bytes": size, "issued_at": ISSUED_AT, "class": "normal", **changes}


def ruleset(key, items, /, **changes):
    """`items`: item key -> body in bytes."""
    lines = b"".join(name.encode() + b"\t" + body + b"\n" for name, body in sorted(items.items()))
    return signed(MANIFEST, compact(manifest(items, **changes)), key) + lines


def flag_items(*keys, **members):
    variations = [{"key": "on", "value": True}, {"key": "off", "value": False}]
    return {f"flag/{key}": compact({
        "key": key, "type": "boolean", "version": 1, "enabled": True, "client": True, "variations": variations, "off": "off",
        "prerequisites": [], "targets": [], "rules": [], "fallthrough": {"variation": "on"}, "salt": key, "track": False,
        **members}) for key in keys}


def item_line(document, key):
    return next(line for line in document.splitlines(keepends=True) if line.startswith(key.encode() + b"\t"))


def redacted(document, key):
    """The document with the item's body withheld."""
    line = item_line(document, key)
    body = line[len(key) + 1:-1]
    return document.replace(line, key.encode() + b"\t#" + hashlib.sha256(body).hexdigest().encode() + b"\n")
