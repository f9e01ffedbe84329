"""`fanion ruleset verify FILE --trust FILE`: every row of the acceptance table that a file can fail (distribution.md)."""
import json
import unittest

from command import DONE, EXAMPLES, REFUSED, USAGE, CommandTest
from signing import (FOREVER, ISSUED_AT, MANIFEST, Key, compact, flag_items, item_line, manifest, redacted, ruleset, signed,
                     trust_document)

ITEMS = flag_items("a", "b")
ROOT, SIGNER, STRANGER = Key(), Key(), Key()


def narrowed(**limits):
    return SIGNER.entry(**{"not_before": 0, "not_after": FOREVER, "scope": ["*"], **limits})


class RulesetTest(CommandTest):
    def verify(self, content, code, trust=None, *more):
        self.file("some.ruleset", content)
        self.file("trust.json", trust_document(ROOT, SIGNER) if trust is None else trust)
        return self.expect(code, "ruleset", "verify", "some.ruleset", "--trust", "trust.json", *more)

    def refused_with(self, content, trust=None):
        done = self.verify(content, REFUSED, trust, "--json")
        self.assertEqual(done.stdout, b"")
        return [f["code"] for f in json.loads(done.stderr)["error"]["findings"]]


class Verify(RulesetTest):
    def test_a_valid_one_is_reported_as_text_and_as_json(self):
        text = self.verify(ruleset(SIGNER, ITEMS), DONE).stdout.decode()
        self.assertIn("verified  1763719200.4 of acme/web/production (e_test)\n", text)
        self.assertIn("items     2, ", text)
        told = json.loads(self.verify(ruleset(SIGNER, ITEMS), DONE, None, "--json").stdout)
        made = manifest(ITEMS)
        self.assertEqual(told, {
            "iss": "fanion:test", "org": "acme", "project": "web", "env": "production", "env_id": "e_test",
            "version": "1763719200.4", "root": made["root"], "items": 2, "withheld": 0, "bytes": made["bytes"],
            "issued_at": "2025-11-21T10:13:20.123Z"})

    def test_the_examples_verify(self):
        self.expect(DONE, "ruleset", "verify", EXAMPLES / "full.snapshot", "--trust", EXAMPLES / "trust.json")

    def test_from_standard_input(self):
        self.expect(DONE, "ruleset", "verify", "-", "--trust", EXAMPLES / "trust.json",
                    stdin=(EXAMPLES / "full.snapshot").read_bytes())
        self.expect(USAGE, "ruleset", "verify", "-", "--trust", "-")

    def test_a_document_that_is_not_well_formed_is_malformed(self):
        good = ruleset(SIGNER, ITEMS)
        lines = good.splitlines(keepends=True)
        for content in (b"", b"\n", b"{}", lines[0], lines[0] + lines[1][:-1], b'{"flags":[]}', b"\0" + good, good[1:],
                        lines[0] + b"[]\n", signed(MANIFEST, b"{}", SIGNER),
                        signed(MANIFEST, compact(manifest(ITEMS, padding="x" * 4096)), SIGNER)):
            self.assertEqual(self.refused_with(content), ["malformed"], content[:60])

    def test_a_signature_must_be_of_a_trusted_signer_over_these_bytes(self):
        good = ruleset(SIGNER, ITEMS)
        self.assertEqual(self.refused_with(ruleset(STRANGER, ITEMS)), ["bad_signature"])
        self.assertEqual(self.refused_with(good.replace(b'"version":4,', b'"version":5,')), ["bad_signature"])
        self.assertEqual(self.refused_with(good.replace(b'"class":"normal"', b'"class":"normal" ')), ["bad_signature"])
        lines = good.splitlines(keepends=True)
        self.assertEqual(self.refused_with(b'{"v":1,"sigs":[]}\n' + b"".join(lines[1:])), ["bad_signature"])
        forged = lines[0].replace(SIGNER.kid.encode(), STRANGER.kid.encode())
        self.assertEqual(self.refused_with(forged + b"".join(lines[1:])), ["bad_signature"])
        other_kind = signed("application/json", compact(manifest(ITEMS)), SIGNER) + b"".join(lines[2:])
        self.assertEqual(self.refused_with(other_kind), ["bad_signature"])

    def test_validity_is_checked_at_the_time_of_issue_and_the_scope_by_the_environment(self):
        good = ruleset(SIGNER, ITEMS)
        for limits in ({"scope": ["acme"]}, {"scope": ["acme/web"]}, {"scope": ["x", "acme/web/production"]},
                       {"not_before": ISSUED_AT}, {"not_after": ISSUED_AT + 1}):
            self.verify(good, DONE, trust_document(ROOT, narrowed(**limits)))
        for limits in ({"scope": []}, {"scope": ["acm"]}, {"scope": ["acme/web/staging"]}, {"scope": ["other"]},
                       {"not_before": ISSUED_AT + 1}, {"not_after": ISSUED_AT - 1}):
            self.assertEqual(self.refused_with(good, trust_document(ROOT, narrowed(**limits))), ["bad_signature"], limits)

    def test_the_rest_of_the_table(self):
        cases = [
            ("wrong_audience", ruleset(SIGNER, ITEMS, iss="fanion:other")),
            ("wrong_audience", ruleset(SIGNER, {}, typ="head", expires_at=FOREVER)),
            ("wrong_audience", ruleset(SIGNER, {}, typ="revoked")),
            ("unsupported", ruleset(SIGNER, ITEMS, min_reader=2)),
            ("integrity", ruleset(SIGNER, ITEMS, items=3)),
            ("integrity", ruleset(SIGNER, ITEMS, bytes=1)),
            ("integrity", ruleset(SIGNER, ITEMS, root="0" * 64)),
            ("integrity", ruleset(SIGNER, ITEMS)[:-1]),
            ("integrity", ruleset(SIGNER, ITEMS).replace(b'"enabled":true', b'"enabled":true ')),
        ]
        for code, content in cases:
            self.assertEqual(self.refused_with(content), [code])
        behind = trust_document(ROOT, SIGNER, epoch_floor=1763719201)
        self.assertEqual(self.refused_with(ruleset(SIGNER, ITEMS), behind), ["rollback"])

    def test_what_verifies_but_does_not_compile_names_item_pointer_and_reason(self):
        content = ruleset(SIGNER, {**ITEMS, **flag_items("broken", fallthrough={"variation": "maybe"})})
        done = self.verify(content, REFUSED, None, "--json")
        findings = json.loads(done.stderr)["error"]["findings"]
        self.assertEqual([(f["item"], f["pointer"], f["code"]) for f in findings],
                         [("flag/broken", "/fallthrough/variation", "unknown_reference")])
        self.assertIn(b"flag/broken /fallthrough/variation: ", self.verify(content, REFUSED).stderr)

    def test_withheld_items_verify_and_are_counted(self):
        needs = flag_items("needs", prerequisites=[{"flag": "a", "variations": ["on"]}])
        content = redacted(ruleset(SIGNER, {**ITEMS, **needs}), "flag/a")
        self.assertIn(b"; 1 withheld\n", self.verify(content, DONE).stdout)
        self.assertEqual(json.loads(self.verify(content, DONE, None, "--json").stdout)["withheld"], 1)
        other = content.replace(item_line(content, "flag/a"), b"flag/a\t#" + b"f" * 64 + b"\n")
        self.assertEqual(self.refused_with(other), ["integrity"])

    def test_withheld_items_do_not_hide_other_mistakes(self):
        broken = flag_items("broken", rules=[{"id": "r", "when": {"attribute": "x", "op": "matches_regex", "values": ["("]},
                                              "serve": {"variation": "on"}}])
        content = redacted(ruleset(SIGNER, {**ITEMS, **broken}), "flag/a")
        self.assertEqual(self.refused_with(content), ["bad_regex"])

    def test_every_byte_changed_is_refused(self):
        good = ruleset(SIGNER, flag_items("a"))
        step = max(1, len(good) // 40)  # a sample; all of them are tried in tests/unit/wire
        for at in range(0, len(good), step):
            content = bytearray(good)
            content[at] ^= 1
            self.assertTrue(self.refused_with(bytes(content)), at)


class TrustDocuments(RulesetTest):
    """The trust document itself."""

    def test_an_invalid_one_verifies_nothing(self):
        own = trust_document(ROOT, SIGNER)
        documents = [b"", b"{}", own[:-1], own.replace(b'"version":1', b'"version":2'), own.replace(b"fanion:test", b"fanion:TEST"),
                     trust_document(ROOT, SIGNER, typ="manifest"),
                     trust_document(ROOT, SIGNER, root={"threshold": 1, "keys": [STRANGER.entry()]}),
                     trust_document(ROOT, SIGNER, root={"threshold": 2, "keys": [ROOT.entry(), STRANGER.entry()]})]
        for document in documents:
            done = self.verify(ruleset(SIGNER, ITEMS), REFUSED, document)
            self.assertTrue(done.stderr.startswith(b"fanion: trust.json: "), done.stderr)

    def test_files_that_cannot_be_read_are_exit_code_2(self):
        self.file("some.ruleset", ruleset(SIGNER, ITEMS))
        for arguments in (["missing", "--trust", "some.ruleset"], ["some.ruleset", "--trust", "missing"], [".", "--trust", "x"]):
            done = self.expect(USAGE, "ruleset", "verify", *arguments)
            self.assertIn(b": cannot be read: ", done.stderr)


if __name__ == "__main__":
    unittest.main()
