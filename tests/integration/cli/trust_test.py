"""`fanion trust init`: keys and a first trust document that other programs can check."""
import base64
import hashlib
import json
import stat
import time
import unittest

from command import DONE, REFUSED, USAGE, CommandTest
from signing import Key, flag_items, openssl, ruleset

FILES = ("root.pem", "signer.pem", "trust.json")
TEN_YEARS = 10 * 365 * 24 * 3600 * 1000


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


class Init(CommandTest):
    def init(self, *more, code=DONE, folder="keys", iss="fanion:test"):
        return self.expect(code, "trust", "init", "--dir", folder, "--iss", iss, *more)

    def test_makes_two_secret_keys_and_a_public_document(self):
        text = self.init().stdout.decode()
        for name in FILES:
            self.assertIn(f"keys/{name}", text)
        self.assertEqual([mode(self.dir / "keys" / name) for name in FILES], [0o600, 0o600, 0o644])
        self.assertEqual(mode(self.dir / "keys"), 0o700)
        self.assertEqual(sorted(path.name for path in (self.dir / "keys").iterdir()), sorted(FILES))

    def test_a_bundle_that_cannot_be_read_is_wrong_usage(self):
        self.init()
        for place in ("missing", "missing/", "./missing"):
            done = self.expect(USAGE, "bundle", "verify", place, "--trust", "keys/trust.json")
            self.assertIn(b"missing", done.stderr)

    def test_the_document_names_the_keys_and_is_signed_by_the_root(self):
        report = json.loads(self.init("--json").stdout)
        self.assertEqual(report["trust"], "keys/trust.json")
        line0, line1 = (self.dir / "keys/trust.json").read_bytes().splitlines()
        document = json.loads(line1)
        self.assertEqual((document["typ"], document["iss"], document["version"]), ("trust", "fanion:test", 1))
        der = {name: openssl("pkey", "-in", str(self.dir / "keys" / name), "-pubout", "-outform", "DER") for name in FILES[:2]}
        root, signer = document["root"]["keys"][0], document["signers"][0]
        for entry, name in ((root, "root.pem"), (signer, "signer.pem")):
            self.assertEqual(entry["kid"], hashlib.sha256(der[name]).hexdigest()[:16])
            self.assertEqual(base64.b64decode(entry["pub"]), der[name][-32:])
        self.assertEqual((signer["kid"], signer["scope"]), (report["signer_kid"], ["*"]))
        self.assertLess(abs(signer["not_before"] - time.time() * 1000), 60 * 1000)
        self.assertAlmostEqual(signer["not_after"] - signer["not_before"], TEN_YEARS, delta=TEN_YEARS / 100)

        kind = b"application/vnd.fanion.trust.v1+json"
        self.file("root.der", der["root.pem"])
        self.file("signed", b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(line1), line1))
        self.file("signature", base64.b64decode(json.loads(line0)["sigs"][0]["sig"]))
        files = [str(self.dir / name) for name in ("root.der", "signed", "signature")]
        openssl("pkeyutl", "-verify", "-rawin", "-pubin", "-keyform", "DER", "-inkey", files[0], "-in", files[1], "-sigfile",
                files[2])

    def test_what_its_signer_signs_verifies(self):
        self.init()
        signer = Key((self.dir / "keys/signer.pem").read_bytes())
        now = int(time.time() * 1000) + 1000
        self.file("some.ruleset", ruleset(signer, flag_items("a"), issued_at=now))
        self.expect(DONE, "ruleset", "verify", "some.ruleset", "--trust", "keys/trust.json")

    def test_never_overwrites(self):
        self.init()
        before = {name: (self.dir / "keys" / name).read_bytes() for name in FILES}
        done = self.init(code=REFUSED)
        self.assertEqual(done.stderr, b"fanion: keys/root.pem already exists; existing keys are never overwritten\n")
        for name in FILES:
            others = [self.dir / "keys" / other for other in FILES if other != name]
            for path in others:
                path.unlink()
            self.init(code=REFUSED)
            self.assertEqual([path.exists() for path in others], [False, False], name)
            for path in others:
                path.write_bytes(before[path.name])
        self.assertEqual({name: (self.dir / "keys" / name).read_bytes() for name in FILES}, before)

    def test_an_unwritable_directory_is_exit_code_2(self):
        self.file("taken", "")
        done = self.init(code=USAGE, folder="taken/keys")
        self.assertIn(b"taken/keys/root.pem", done.stderr)

    def test_the_installation_must_have_a_name(self):
        self.init(code=USAGE, iss="")
        self.expect(USAGE, "trust", "init", "--dir", "keys")
        self.assertFalse((self.dir / "keys").exists())


if __name__ == "__main__":
    unittest.main()
