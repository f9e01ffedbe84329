"""`fanion rule parse | print`, and text in the plain rulesets of `fanion eval`."""
import json
import os
import subprocess
import tempfile
import unittest

TREE = {"attribute": "plan", "op": "is", "values": ["pro"], "ignore_case": False}


def fanion(*arguments, stdin=""):
    done = subprocess.run([os.environ["FANION_BIN"], *arguments], input=stdin, capture_output=True, text=True, timeout=30)
    return done.returncode, done.stdout.rstrip("\n"), done.stderr


def evaluate(when, segment_when="never", context='{"plan":"pro"}'):
    ruleset = {
        "flags": [{"key": "f", "type": "boolean", "enabled": True,
                   "variations": [{"key": "on", "value": True}, {"key": "off", "value": False}],
                   "rules": [{"id": "r", "when": when, "serve": {"variation": "on"}}],
                   "fallthrough": {"variation": "off"}}],
        "segments": [{"key": "s", "rules": [{"when": segment_when}]}],
    }
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(ruleset, file)
        file.flush()
        return fanion("eval", "f", context, "--ruleset", file.name, "--json")


class RuleCommand(unittest.TestCase):
    def test_text_from_argument_standard_input_and_file(self):
        code, out, _ = fanion("rule", "parse", "plan is 'pro'")
        self.assertEqual((code, json.loads(out)), (0, TREE))
        for arguments in (("rule", "parse"), ("rule", "parse", "-")):
            self.assertEqual(fanion(*arguments, stdin="plan is 'pro'\n")[:2], (0, out))
        with tempfile.NamedTemporaryFile("w") as file:
            file.write("plan\nis 'pro'\n")
            file.flush()
            self.assertEqual(fanion("rule", "parse", "@" + file.name)[:2], (0, out))

    def test_trees_are_printed_and_read_again(self):
        code, out, _ = fanion("rule", "print", json.dumps(TREE))
        self.assertEqual((code, out), (0, 'plan is "pro"'))
        self.assertEqual(json.loads(fanion("rule", "parse", stdin=out)[1]), TREE)
        self.assertEqual(fanion("rule", "print", "--json", json.dumps(TREE))[1], json.dumps(out))

    def test_invalid_input_exits_with_1_and_reports_the_place(self):
        code, out, error = fanion("rule", "parse", "plan is 'pro'\nand plan")
        self.assertEqual((code, out), (1, ""))
        self.assertIn("line 2, column 9: expected an operator", error)
        code, _, error = fanion("--json", "rule", "parse", "plan")
        self.assertEqual((code, json.loads(error)["error"]["findings"][0]["code"]), (1, "bad_rule"))
        for tree in ("{", "[]", '{"op":"is"}', '{"all":[{"op":"near"}]}'):
            self.assertEqual(fanion("rule", "print", tree)[0], 1, tree)

    def test_wrong_usage_ends_with_2(self):
        self.assertEqual(fanion("rule")[0], 2)
        self.assertEqual(fanion("rule", "parse", "@/no/such/file")[0], 2)
        self.assertEqual(fanion("rule", "help-me")[0], 2)
        self.assertEqual(fanion("rule", "parse", "--help")[0], 0)

    def test_plain_rulesets_accept_text(self):
        code, out, error = evaluate("plan is 'pro'")
        self.assertEqual(code, 0, error)
        self.assertEqual(json.loads(out)["variation"], "on")
        self.assertEqual(json.loads(evaluate("segment 's'", "plan exists")[1])["variation"], "on")
        self.assertEqual(json.loads(evaluate(TREE)[1])["variation"], "on")

    def test_plain_rulesets_with_wrong_text_do_not_compile(self):
        code, _, error = evaluate("plan is")
        self.assertEqual(code, 1)
        self.assertIn("/flags/0/rules/0/when", error)
        self.assertIn("line 1, column 8", error)
        code, _, error = evaluate("always and segment 'none'")
        self.assertEqual(code, 1)
        self.assertIn("/flags/0/rules/0/when", error)
        self.assertIn("line 1, column 12", error)


if __name__ == "__main__":
    unittest.main()
