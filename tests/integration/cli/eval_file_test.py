"""`fanion eval --ruleset FILE`: accepted files, answers to single questions, and errors in rulesets."""
import json
import os
import unittest

from command import DONE, EXAMPLES, REFUSED, USAGE, CommandTest
from plain_rulesets import BAD, GOOD, flag, text
from signing import item_line, redacted

STATIC_ON = b'{"flag":"new-checkout","value":true,"variation":"on","reason":"STATIC","version":2}\n'


class OneQuestion(CommandTest):
    def setUp(self):
        super().setUp()
        self.file("good.json", GOOD)

    def test_flag_and_context_as_arguments(self):
        done = self.expect(DONE, "eval", "ruled", '{"country":"DE"}', "--ruleset", "good.json")
        self.assertEqual(done.stdout, b'{"flag":"ruled","value":true,"variation":"on","reason":"TARGETING_MATCH","rule":"r-de",'
                                      b'"version":12}\n')
        self.assertEqual(done.stderr, b"")

    def test_the_context_may_be_a_file_or_standard_input_or_left_out(self):
        self.file("context.json", '{"country":"DE"}')
        for given in (["@context.json"], ["-"], ["--context", '{"country":"DE"}']):
            done = self.expect(DONE, "eval", "ruled", *given, "--ruleset", "good.json", stdin=b'{"country":"DE"}\n')
            self.assertEqual(json.loads(done.stdout)["value"], True, given)
        for given in ([], ["null"], ["{}"]):
            done = self.expect(DONE, "eval", "ruled", *given, "--ruleset", "good.json", stdin=b'{"country":"DE"}')
            self.assertEqual(json.loads(done.stdout)["value"], False, given)

    def test_the_time_decides(self):
        for now, value in (("2026-06-01T00:00:00Z", False), ("2026-06-01T00:00:00.001Z", True), ("1780272000000", False),
                           ("1780272000001", True), ("2026-06-01T02:00:00.5+02:00", True)):
            done = self.expect(DONE, "eval", "timed", "--ruleset", "good.json", "--now", now)
            self.assertEqual(json.loads(done.stdout)["value"], value, now)

    def test_an_explanation_is_the_answer_and_its_steps(self):
        done = self.expect(DONE, "eval", "ruled", '{"country":"DE"}', "--ruleset", "good.json", "--explain")
        self.assertEqual(done.stdout, b'{"flag":"ruled","value":true,"variation":"on","reason":"TARGETING_MATCH","rule":"r-de",'
                                      b'"version":12,"steps":[{"step":"enabled","holds":true},{"step":"rule","rule":"r-de","when":'
                                      b'{"attribute":"country","op":"one_of","values":["DE"],"value":"DE","holds":true},'
                                      b'"holds":true,"serve":{"variation":"on"}}]}\n')
        self.expect(REFUSED, "eval", "split", "--ruleset", "good.json", "--explain")
        lines = self.expect(DONE, "eval", "--ruleset", "good.json", "--explain", stdin=b'{"flag":"basic"}\n{"flag":"behind"}\n')
        self.assertEqual([len(json.loads(line)["steps"]) for line in lines.stdout.splitlines()], [2, 2])

    def test_an_answer_with_an_error_is_exit_code_1(self):
        for arguments, error in ((["nowhere"], "FLAG_NOT_FOUND"), (["basic", "[]"], "INVALID_CONTEXT"),
                                 (["split"], "TARGETING_KEY_MISSING")):
            done = self.expect(REFUSED, "eval", *arguments, "--ruleset", "good.json")
            self.assertEqual(json.loads(done.stdout)["error"], error)

    def test_a_value_that_looks_like_an_error_is_not_one(self):
        ruleset = json.loads(GOOD)
        ruleset["flags"] = [f for f in ruleset["flags"] if f["key"] == "tree"]
        ruleset["flags"][0]["variations"][0]["value"] = {"reason": "ERROR"}
        self.file("odd.json", json.dumps(ruleset))
        self.expect(DONE, "eval", "tree", "--ruleset", "odd.json")

    def test_a_context_that_is_not_json_is_wrong_usage(self):
        done = self.expect(USAGE, "eval", "basic", "{bad}", "--ruleset", "good.json")
        self.assertEqual(done.stderr, b"fanion: context: byte 1: the name of a member is missing\n")

    def test_a_ruleset_from_a_pipe(self):
        done = self.expect(DONE, "eval", "basic", "--ruleset", "-", stdin=GOOD.encode())
        self.assertEqual(json.loads(done.stdout)["value"], True)

    def test_standard_input_can_be_used_only_once(self):
        self.expect(USAGE, "eval", "--ruleset", "-", stdin=GOOD.encode())
        self.expect(USAGE, "eval", "basic", "-", "--ruleset", "-", stdin=GOOD.encode())

    def test_a_ruleset_takes_precedence_over_the_relay_of_the_environment(self):
        env = {"FANION_RELAY": "http://127.0.0.1:9", "FANION_KEY": "k"}
        self.expect(DONE, "eval", "basic", "--ruleset", "good.json", env=env)
        self.expect(USAGE, "eval", "basic", "--ruleset", "good.json", "--relay", "http://127.0.0.1:8", env=env)


class Files(CommandTest):
    def test_what_cannot_be_read_is_exit_code_2_and_named(self):
        (self.dir / "folder").mkdir()
        self.file("good.json", GOOD)
        for arguments, name in ((["--ruleset", "missing"], "missing"), (["--ruleset", "folder"], "folder"),
                                (["@missing", "--ruleset", "good.json"], "missing"),
                                (["--ruleset", "good.json", "--trust", "missing"], "missing")):
            done = self.expect(USAGE, "eval", "basic", *arguments)
            self.assertEqual(done.stdout, b"")
            self.assertIn(f"{name}: cannot be read: ", done.stderr.decode())

    @unittest.skipIf(os.geteuid() == 0, "root reads everything")
    def test_a_file_without_permission_cannot_be_read(self):
        self.file("secret.json", GOOD).chmod(0)
        self.expect(USAGE, "eval", "basic", "--ruleset", "secret.json")

    def test_a_ruleset_that_does_not_compile_reports_every_finding(self):
        self.file("bad.json", BAD)
        done = self.expect(REFUSED, "eval", "wrong", "--ruleset", "bad.json")
        self.assertEqual(done.stdout, b"")
        lines = done.stderr.decode().splitlines()
        self.assertTrue(lines[0].startswith("fanion: "))
        self.assertEqual([line.split(":")[0].strip() for line in lines[1:]],
                         ["flag/lost /flags/1/rules/0/when/values/0", "flag/wrong /flags/0/rules/0/when/values/0",
                          "flag/wrong /flags/0/fallthrough/variation"])
        done = self.expect(REFUSED, "eval", "wrong", "--ruleset", "bad.json", "--json")
        self.assertEqual(done.stdout, b"")
        findings = json.loads(done.stderr)["error"]["findings"]
        self.assertEqual([(f["item"], f["pointer"], f["code"]) for f in findings],
                         [("flag/lost", "/flags/1/rules/0/when/values/0", "bad_version"),
                          ("flag/wrong", "/flags/0/rules/0/when/values/0", "bad_regex"),
                          ("flag/wrong", "/flags/0/fallthrough/variation", "unknown_reference")])
        self.assertTrue(all(f["detail"] for f in findings))

    def test_dangling_references_are_findings(self):
        nowhere = {"op": "in_segment", "values": ["nowhere"]}
        self.file("bad.json", text(flag("lost", rules=[{"id": "r", "when": nowhere, "serve": {"variation": "on"}}]),
                                   flag("needy", prerequisites=[{"flag": "gone", "variations": ["on"]}])))
        done = self.expect(REFUSED, "eval", "lost", "--ruleset", "bad.json", "--json")
        self.assertEqual([(f["item"], f["pointer"], f["code"]) for f in json.loads(done.stderr)["error"]["findings"]],
                         [("flag/lost", "/flags/0/rules/0/when/values/0", "unknown_reference"),
                          ("flag/needy", "/flags/1/prerequisites/0/flag", "unknown_reference")])

    def test_no_question_is_answered_by_a_ruleset_that_does_not_compile(self):
        self.file("bad.json", BAD)
        done = self.expect(REFUSED, "eval", "--ruleset", "bad.json", stdin=b'{"flag":"lost","context":{}}\n')
        self.assertEqual(done.stdout, b"")

    def test_a_file_that_is_not_a_ruleset_is_refused(self):
        for content in (b"", b"\n", b"{", b"[]", b"7", b"\xff", b'{"flags":7}', b"[" * 100000, b"{}\0"):
            self.file("odd.json", content)
            done = self.expect(REFUSED, "eval", "basic", "--ruleset", "odd.json", "--json")
            self.assertTrue(json.loads(done.stderr)["error"]["detail"], content[:20])


class SignedForm(CommandTest):
    full = (EXAMPLES / "full.snapshot").read_bytes()

    def ask(self, content, *more, code=DONE, flag="new-checkout"):
        self.file("production.ruleset", content)
        return self.expect(code, "eval", flag, "--ruleset", "production.ruleset", *more)

    def test_a_signed_ruleset_is_verified_where_a_trust_document_is_given(self):
        done = self.ask(self.full, "--trust", EXAMPLES / "trust.json")
        self.assertEqual((done.stdout, done.stderr), (STATIC_ON, b""))

    def test_without_one_it_is_used_with_a_warning(self):
        done = self.ask(self.full)
        self.assertEqual(done.stdout, STATIC_ON)
        self.assertEqual(done.stderr, b"fanion: signatures were not verified; use --trust FILE to verify them\n")

    def test_a_trust_document_refuses_what_is_not_signed(self):
        self.file("good.json", GOOD)
        done = self.expect(REFUSED, "eval", "basic", "--ruleset", "good.json", "--trust", EXAMPLES / "trust.json")
        self.assertIn(b"not signed", done.stderr)

    def test_one_that_does_not_verify_is_not_evaluated(self):
        changed = self.full.replace(b'"enabled":true', b'"enabled":TRUE'.replace(b"TRUE", b"true "))
        done = self.ask(changed, "--trust", EXAMPLES / "trust.json", "--json", code=REFUSED)
        self.assertEqual(done.stdout, b"")
        self.assertEqual(json.loads(done.stderr)["error"]["findings"][0]["code"], "integrity")

    def test_a_truncated_one_is_detected_without_a_trust_document(self):
        lines = self.full.splitlines(keepends=True)
        self.assertIn(b"missing or were changed", self.ask(b"".join(lines[:-1]), code=REFUSED).stderr)
        self.ask(self.full[:-1], code=REFUSED)

    def test_heads_revocations_and_deltas_are_not_rulesets(self):
        for name in ("head", "revoked", "delta"):
            content = (EXAMPLES / f"{name}.snapshot").read_bytes()
            for trust in ([], ["--trust", EXAMPLES / "trust.json"]):
                self.assertEqual(self.ask(content, *trust, code=REFUSED).stdout, b"", name)

    def test_withheld_items_are_ignored_and_the_signature_is_still_valid(self):
        withheld = redacted(self.full, "flag/zoom")
        for trust in ([], ["--trust", EXAMPLES / "trust.json"]):
            self.assertEqual(self.ask(withheld, *trust).stdout, STATIC_ON)
            self.assertIn(b"FLAG_NOT_FOUND", self.ask(withheld, *trust, code=REFUSED, flag="zoom").stdout)

    def test_a_withheld_item_with_another_hash_is_refused(self):
        line = item_line(self.full, "flag/zoom")
        for trust in ([], ["--trust", EXAMPLES / "trust.json"]):
            self.ask(self.full.replace(line, b"flag/zoom\t#" + b"0" * 64 + b"\n"), *trust, code=REFUSED)
            self.ask(self.full.replace(line, b"flag/zoom\t#" + b"0" * 63 + b"\n"), *trust, code=REFUSED)


if __name__ == "__main__":
    unittest.main()
