"""An SDK's side of signed rulesets, from docs/distribution.md alone: it shares no code with the product and needs only Python.

Ed25519 is RFC 8032, section 5.1.7, in its plainest form. Slow, and good enough to verify."""
import base64
import hashlib
import http.client
import json
import urllib.parse

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_1 = pow(2, (P - 1) // 4, P)
MANIFEST, TRUST = "application/vnd.fanion.manifest.v1+json", "application/vnd.fanion.trust.v1+json"


def add(a, b):
    """Points in extended coordinates."""
    e, f = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    g, h = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = f - e, h - g, h + g, f + e
    return e * f % P, g * h % P, f * g % P, e * h % P


def multiply(scalar, point):
    result = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            result = add(result, point)
        point, scalar = add(point, point), scalar >> 1
    return result


def decode(data):
    """The point of 32 bytes, or None."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_1 % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


BASE = decode((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def is_signature(key, message, signature):
    a, r = decode(key), decode(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or len(signature) != 64 or s >= ORDER:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % ORDER
    left, right = multiply(s, BASE), add(r, multiply(h, a))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (left[1] * right[2] - right[1] * left[2]) % P == 0


def encoding(payload_type, payload):
    """DSSE's pre-authentication encoding."""
    return b"DSSEv1 %d %s %d %s" % (len(payload_type), payload_type.encode(), len(payload), payload)


class Refused(Exception):
    """The code of the acceptance table."""


class VerifyingSdk:
    """What an SDK holds of one environment. Every document passes through accept()."""

    def __init__(self, trust):
        self.trust = self.read_trust(trust)
        self.version, self.root, self.items, self.heads = None, None, {}, []

    @staticmethod
    def read_trust(document):
        line0, payload = document.split(b"\n")[:2]
        trust = json.loads(payload)
        keys = {key["kid"]: base64.b64decode(key["pub"]) for key in trust["root"]["keys"]}
        good = [s for s in json.loads(line0)["sigs"] if s["kid"] in keys and
                is_signature(keys[s["kid"]], encoding(TRUST, payload), base64.b64decode(s["sig"]))]
        assert len(good) >= trust["root"]["threshold"]
        return trust

    def check_signature(self, line0, payload, manifest):
        for signature in json.loads(line0)["sigs"]:
            for signer in self.trust["signers"]:
                if (signer["kid"] == signature["kid"] and signer["not_before"] <= manifest["issued_at"] < signer["not_after"] and
                        is_signature(base64.b64decode(signer["pub"]), encoding(MANIFEST, payload), base64.b64decode(signature["sig"]))):
                    return
        raise Refused("bad_signature")

    def accept(self, document):
        """Returns the manifest; raises Refused and keeps what is held."""
        try:
            line0, payload, rest = document.split(b"\n", 2)
            manifest = json.loads(payload)
            self.check_signature(line0, payload, manifest)
        except (ValueError, KeyError) as error:
            raise Refused("malformed") from error
        if manifest["iss"] != self.trust["iss"]:
            raise Refused("wrong_audience")
        version = (manifest["epoch"], manifest["version"])
        if self.version and version < self.version:
            raise Refused("rollback")
        if manifest["typ"] == "head":
            self.heads.append(manifest)
            return manifest
        if manifest["typ"] == "delta":
            base = manifest["base"]
            if ((base["epoch"], base["version"]), base["root"]) != (self.version, self.root):
                raise Refused("gap")
        items = dict(self.items) if manifest["typ"] == "delta" else {}
        for line in rest.split(b"\n")[:-1]:
            key, body = line.split(b"\t", 1)
            if not body:
                items.pop(key.decode(), None)
            elif body.startswith(b"#"):
                items[key.decode()] = (None, bytes.fromhex(body[1:].decode()))
            else:
                items[key.decode()] = (body, hashlib.sha256(body).digest())
        root = hashlib.sha256()
        for key in sorted(items, key=str.encode):
            root.update(key.encode() + b"\0" + items[key][1])
        if root.hexdigest() != manifest["root"] or len(items) != manifest["items"]:
            raise Refused("integrity")
        self.version, self.root, self.items = version, manifest["root"], items
        return manifest

    def body(self, key):
        body = self.items[key][0]
        return None if body is None else json.loads(body)

    @property
    def have(self):
        return f"{self.version[0]}.{self.version[1]}"


def events_of(text):
    """Server-sent events: (event, id, document)."""
    for block in text.split(b"\n\n"):
        fields = [line.split(b": ", 1) for line in block.split(b"\n") if b": " in line and not line.startswith(b":")]
        data = b"".join(value + b"\n" for name, value in fields if name == b"data")
        named = {name: value.decode() for name, value in fields if name != b"data"}
        if data:
            yield named.get(b"event"), named.get(b"id"), data


class Stream:
    """An open stream of a relay, read event by event."""

    def __init__(self, relay, key, timeout, **headers):
        self.connection = http.client.HTTPConnection("127.0.0.1", urllib.parse.urlsplit(relay.url).port, timeout=timeout)
        headers = {"Authorization": f"Bearer {key}", "Fanion-Sdk": "test/1.0; one"} | {k.replace("_", "-"): v for k, v in headers.items()}
        self.connection.request("GET", "/sdk/v1/stream", headers=headers)
        self.answer = self.connection.getresponse()
        self.last_id = headers.get("Last-Event-ID")

    def next(self, *wanted):
        """The next event, or the next of those wanted; None at the end of the stream."""
        block = b""
        while True:
            line = self.answer.readline()
            if not line:
                return None
            block += line
            if line != b"\n":
                continue
            for event, event_id, document in events_of(block):
                self.last_id = event_id
                if not wanted or event in wanted:
                    return event, event_id, document
            block = b""

    def close(self):
        self.answer.close()  # which keeps the socket open
        self.connection.close()
