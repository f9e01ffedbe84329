"""An authenticator program."""
import base64
import hmac
import time


def code_of(secret):
    """The present code of a secret in base32 (RFC 6238)."""
    digest = hmac.digest(base64.b32decode(secret), int(time.time() / 30).to_bytes(8, "big"), "sha1")
    at = digest[19] & 15
    return f"{(int.from_bytes(digest[at:at + 4], 'big') & 0x7FFFFFFF) % 1000000:06}"
