"""`fanion eval` offline: one line of JSON in, one line of JSON out, byte for byte (ruleset.md, Evaluation)."""
import json
import unittest

from command import DONE, EXAMPLES, REFUSED, CommandTest
from plain_rulesets import GOOD, NUMBERS


def question(flag, context=None, **more):
    return json.dumps({"flag": flag, "context": {} if context is None else context, **more}, ensure_ascii=False)


class Lines(CommandTest):
    def setUp(self):
        super().setUp()
        self.file("good.json", GOOD)

    def answers(self, code, stdin, *more, ruleset="good.json"):
        done = self.expect(code, "eval", "--ruleset", ruleset, "--now", "2026-01-01T00:00:00Z", *more, stdin=stdin)
        self.assertEqual(done.stderr, b"")
        return done.stdout.decode()

    def test_every_reason_in_the_exact_json(self):
        cases = [
            (question("basic"), '{"flag":"basic","value":true,"variation":"on","reason":"STATIC","version":12}'),
            (question("ruled", {"country": "DE"}),
             '{"flag":"ruled","value":true,"variation":"on","reason":"TARGETING_MATCH","rule":"r-de","version":12}'),
            (question("ruled"), '{"flag":"ruled","value":false,"variation":"off","reason":"DEFAULT","version":12}'),
            (question("split", {"targetingKey": "user-123"}),
             '{"flag":"split","value":true,"variation":"on","reason":"SPLIT","version":12}'),
            (question("split"), '{"flag":"split","error":"TARGETING_KEY_MISSING","reason":"ERROR"}'),
            (question("sleeping"), '{"flag":"sleeping","reason":"DISABLED","version":12}'),
            (question("behind"),
             '{"flag":"behind","value":false,"variation":"off","reason":"DISABLED","prerequisite":"sleeping","version":12}'),
            (question("text"), '{"flag":"text","value":"a \\"b\\" 🚩","variation":"t","reason":"STATIC","version":12}'),
            (question("tree"), '{"flag":"tree","value":{"n":[1,null]},"variation":"j","reason":"STATIC","version":12}'),
            (question("nowhere"), '{"flag":"nowhere","error":"FLAG_NOT_FOUND","reason":"ERROR"}'),
            (question("basic", [1]), '{"flag":"basic","error":"INVALID_CONTEXT","reason":"ERROR"}'),
        ]
        given = "".join(asked + "\n" for asked, _ in cases)
        self.assertEqual(self.answers(DONE, given.encode()).splitlines(), [answer for _, answer in cases])

    def test_the_golden_questions_get_the_golden_answers(self):
        done = self.run_fanion("eval", "--ruleset", EXAMPLES / "plain-ruleset.json", "--now", "2026-01-01T00:00:00Z",
                               stdin=(EXAMPLES / "questions.ndjson").read_bytes())
        self.assertEqual(done.stdout.decode(), (EXAMPLES / "answers.ndjson").read_text())
        self.assertEqual(done.returncode, REFUSED)  # the last line is not a valid question

    def test_numbers_keep_their_spelling(self):
        self.file("numbers.json", NUMBERS)
        out = self.answers(DONE, (question("one") + "\n" + question("big") + "\n").encode(), ruleset="numbers.json")
        self.assertEqual(out, '{"flag":"one","value":1.0,"variation":"v","reason":"STATIC","version":0}\n'
                              '{"flag":"big","value":9223372036854775807,"variation":"v","reason":"STATIC","version":0}\n')

    def test_a_line_may_have_its_own_time(self):
        given = "\n".join([question("timed"), question("timed", now="2026-07-01T00:00:00Z"),
                           question("timed", now=1782864000000), question("timed", now="1782864000000")])
        out = self.answers(DONE, given.encode())
        self.assertEqual([json.loads(line)["value"] for line in out.splitlines()], [False, True, True, True])

    def test_a_context_that_is_missing_or_null_is_an_empty_one(self):
        out = self.answers(DONE, b'{"flag":"basic"}\n{"flag":"basic","context":null}\n')
        self.assertEqual({json.loads(line)["value"] for line in out.splitlines()}, {True})

    def test_invalid_lines_are_answered_in_place_and_the_run_continues(self):
        broken = [b"{", b"[]", b"7", b'"text"', b"null", b'{"context":{}}', b'{"flag":7}', b'{"flag":"basic","now":"later"}',
                  b'{"flag":"basic","now":1.5}', b'{"flag":"basic","now":{}}', b"\xff\xfe", b'{"flag":"basic"} {}',
                  b'{"flag":"basic","context":' + b"[" * 40 + b"]" * 40 + b"}"]
        good = question("basic").encode()
        out = self.answers(REFUSED, b"".join(line + b"\n" + good + b"\n" for line in broken)).splitlines()
        self.assertEqual(len(out), 2 * len(broken))
        for line, answer, after in zip(broken, out[::2], out[1::2]):
            with self.subTest(line=line):
                told = json.loads(answer)
                self.assertEqual(list(told), ["error", "reason", "detail"])
                self.assertEqual((told["error"], told["reason"]), ("PARSE_ERROR", "ERROR"))
                self.assertIn('"value":true', after)

    def test_the_reason_of_an_invalid_line_is_reported_once_with_its_place(self):
        out = self.answers(REFUSED, b'{"flag":7}\n{bad}\n').splitlines()
        self.assertEqual(json.loads(out[0])["detail"], "the line is not a valid question; /flag: must be a string, not a number")
        self.assertEqual(json.loads(out[1])["detail"], "byte 1: the name of a member is missing")

    def test_empty_input_has_no_answers(self):
        self.assertEqual(self.answers(DONE, b""), "")

    def test_empty_lines_are_skipped_and_the_last_line_needs_no_line_feed(self):
        out = self.answers(DONE, b"\n  \n" + question("basic").encode() + b"\r\n\n" + question("basic").encode())
        self.assertEqual(len(out.splitlines()), 2)
        self.assertTrue(out.endswith("\n"))

    def test_a_large_context_is_answered_and_a_huge_one_refused_in_its_place(self):
        large = question("ruled", {"country": "DE", **{f"a{i}": "x" * 60000 for i in range(30)}})
        huge = question("ruled", {"country": "DE", **{f"a{i}": "x" * 60000 for i in range(60)}})
        out = self.answers(REFUSED, "\n".join([large, huge, question("basic")]).encode()).splitlines()
        self.assertEqual(out[0],
                         '{"flag":"ruled","value":true,"variation":"on","reason":"TARGETING_MATCH","rule":"r-de","version":12}')
        self.assertEqual(json.loads(out[1])["error"], "PARSE_ERROR")
        self.assertIn("2097152", out[1])
        self.assertIn('"value":true', out[2])

    def test_many_lines_keep_their_order(self):
        keys = ["basic", "ruled", "nowhere", "tree"] * 500
        out = self.answers(DONE, "".join(question(key) + "\n" for key in keys).encode())
        self.assertEqual([json.loads(line)["flag"] for line in out.splitlines()], keys)


if __name__ == "__main__":
    unittest.main()
