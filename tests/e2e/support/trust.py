"""Trust documents and signatures as an operator's own tools make them, with OpenSSL: docs/distribution.md, Trust."""
import base64
import hashlib
import json
import pathlib
import subprocess
import tempfile
import time

FAR = 2_079_252_000_000
MANIFEST, TRUST = "application/vnd.fanion.manifest.v1+json", "application/vnd.fanion.trust.v1+json"


def openssl(*arguments, given=None):
    return subprocess.run(["openssl", *map(str, arguments)], input=given, check=True, capture_output=True).stdout


class Key:
    """A private key in a PEM file."""

    def __init__(self, file):
        self.file = pathlib.Path(file)
        if not self.file.exists():
            self.file.write_bytes(openssl("genpkey", "-algorithm", "ed25519"))
            self.file.chmod(0o600)
        der = openssl("pkey", "-in", self.file, "-pubout", "-outform", "DER")
        self.kid, self.raw = hashlib.sha256(der).hexdigest()[:16], der[-32:]

    def sign(self, payload_type, payload):
        message = b"DSSEv1 %d %s %d %s" % (len(payload_type), payload_type.encode(), len(payload), payload)
        with tempfile.NamedTemporaryFile() as file:
            file.write(message)
            file.flush()
            made = openssl("pkeyutl", "-sign", "-inkey", self.file, "-rawin", "-in", file.name)
        return {"kid": self.kid, "sig": base64.b64encode(made).decode()}

    def member(self, **more):
        return {"kid": self.kid, "alg": "Ed25519", "pub": base64.b64encode(self.raw).decode(), **more}


def compact(value):
    return json.dumps(value, separators=(",", ":")).encode()


def signed(payload_type, payload, keys):
    line0 = {"v": 1, "sigs": [key.sign(payload_type, payload) for key in keys]}
    return compact(line0) + b"\n" + payload + b"\n"


def trust_document(iss, version, roots, signers, signed_by=None, epoch_floor=0):
    payload = compact({
        "typ": "trust", "iss": iss, "version": version, "expires_at": FAR, "epoch_floor": epoch_floor,
        "root": {"threshold": 1, "keys": [root.member() for root in roots]},
        "signers": [signer.member(not_before=0, not_after=FAR, scope=["*"]) for signer in signers]})
    return signed(TRUST, payload, signed_by or roots)


class Ruleset:
    """A full ruleset that can be changed and signed again."""

    def __init__(self, document):
        self.line0, manifest, *lines = document.rstrip(b"\n").split(b"\n")
        self.manifest = json.loads(manifest)
        self.items = dict(line.split(b"\t", 1) for line in lines)

    @property
    def kids(self):
        return [each["kid"] for each in json.loads(self.line0)["sigs"]]

    @property
    def version(self):
        return f"{self.manifest['epoch']}.{self.manifest['version']}"

    def replace(self, item, old, new):
        assert old in self.items[item]
        self.items[item] = self.items[item].replace(old, new)
        return self

    def sign(self, key, **members):
        """The document, with `members` in place of the manifest's."""
        root = hashlib.sha256()
        for item, body in sorted(self.items.items()):
            root.update(item + b"\0" + hashlib.sha256(body).digest())
        lines = [item + b"\t" + body + b"\n" for item, body in sorted(self.items.items())]
        self.manifest |= {"root": root.hexdigest(), "items": len(lines), "bytes": sum(map(len, lines)),
                          "issued_at": int(time.time() * 1000), **members}
        return signed(MANIFEST, compact(self.manifest), [key]) + b"".join(lines)
