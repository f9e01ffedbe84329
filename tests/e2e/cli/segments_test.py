"""`fanion segment`: definitions, and lists from arguments and files."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from cli.command_line import REFUSED, USAGE, CommandLine  # noqa: E402


class Segments(CommandLine):
    def setUp(self):
        super().setUp()
        self.sign_in()

    def write(self, name, text):
        (self.home / name).write_bytes(text)
        return name

    def test_definitions(self):
        self.assertEqual(self.fanion("segment", "create", "beta", "--name", "Beta"), "created beta\n")
        self.fanion("segment", "create", "beta", expect=REFUSED)
        self.assertEqual(self.fanion("segment", "set", "beta", "--description", "since May"), "changed beta\n")
        self.assertEqual(self.fanion("segment", "uses", "beta"), "nothing uses beta\n")
        self.assertEqual(self.json("segment", "get", "beta")["segment"]["description"], "since May")
        self.assertIn(["beta", "active", "Beta", "since", "May"], [line.split() for line in self.fanion("segment", "list").splitlines()])
        self.fanion("segment", "set", "beta", "--tag", "eu", "--tag", "pilot", "--owner", "web-team")
        self.assertEqual([item["key"] for item in self.json("segment", "list", "--tag", "eu", "--owner", "web-team")], ["beta"])
        self.assertIn("\n  owner web-team\n  tags eu pilot\n", self.fanion("segment", "get", "beta"))
        self.fanion("segment", "set", "beta", "--client")
        self.assertIn("\n  for client keys that may have rules\n", self.fanion("segment", "get", "beta"))
        self.fanion("segment", "set", "beta", "--no-client")
        self.assertFalse(self.json("segment", "get", "beta")["segment"]["client"])
        self.fanion("segment", "clone", "beta", "bare")
        self.fanion("segment", "set", "bare", "--no-owner", "--no-tags", "--description", "", "--comment", "tidied")
        bare = self.json("segment", "get", "bare")["segment"]
        self.assertEqual((bare["owner"], bare["tags"], bare["description"], bare["name"]), ("", [], "", "Beta"))
        self.assertEqual(self.json("audit", "list", "--limit", "1")[0]["entry"]["comment"], "tidied")
        self.assertEqual(self.fanion("segment", "archive", "beta", "--yes"), "beta is archived\n")
        self.assertEqual([item["key"] for item in self.json("segment", "list", "--state", "archived")], ["beta"])
        self.assertEqual(self.fanion("segment", "restore", "beta", "--yes"), "beta is restored\n")
        self.assertEqual(self.fanion("segment", "clone", "beta", "gamma", "--from-env", "development"), "created gamma like beta\n")
        self.assertEqual(self.json("segment", "get", "gamma")["segment"]["tags"], ["eu", "pilot"])
        self.assertIn("--yes", self.fanion("segment", "delete", "beta", expect=USAGE))  # nobody to ask
        self.assertEqual(self.fanion("segment", "delete", "beta", "--yes"), "deleted beta\n")
        self.fanion("segment", "get", "beta", expect=REFUSED)

    def test_lists(self):
        self.fanion("segment", "create", "lists")
        self.assertEqual(self.fanion("segment", "members", "add", "lists", "bob", "alice"),
                         "lists: 2 added, 0 removed, 0 already there, 0 not there; included in development has 2 values\n")
        self.assertEqual(self.fanion("segment", "members", "list", "lists"), "alice\nbob\n")
        self.assertEqual(self.json("segment", "members", "list", "lists", "--prefix", "b"), ["bob"])
        self.assertEqual(self.json("segment", "members", "remove", "lists", "bob", "carol")["not_there"], 1)
        csv = self.write("people.csv", b"id,email\r\n1,a@example.com\r\n2,b@example.com\r\n")
        tried = self.fanion("segment", "members", "replace", "lists", csv, "--attribute", "email", "--dry-run")
        self.assertIn("2 added", tried)
        self.assertEqual(self.json("segment", "members", "list", "lists", "--attribute", "email"), [])
        self.fanion("segment", "members", "replace", "lists", csv, "--attribute", "email")
        self.fanion("segment", "members", "add", "lists", "--file", "-", "--list", "excluded", stdin=b"mallory\n")
        self.assertIn("included by email in development: 2 values", self.fanion("segment", "get", "lists"))
        self.assertEqual(self.fanion("segment", "members", "list", "lists", "--list", "excluded"), "mallory\n")
        uploads = f"{self.stack.home}/segments/lists/environments/development/members/uploads"
        self.stack.admin.call("POST", uploads, {"format": "lines"})
        upload = self.json("segment", "uploads", "list")[0]
        self.assertEqual((upload["segment"], upload["environment"]), ("lists", "development"))
        self.assertEqual(self.fanion("segment", "uploads", "delete", upload["id"]), f"deleted {upload['id']}\n")
        self.fanion("segment", "uploads", "delete", upload["id"], expect=REFUSED)

    def test_rules_are_patched_and_uses_are_listed(self):
        self.fanion("segment", "create", "ruled")
        rule = '{"rules":[{"when":"country is \'DE\'"}]}'
        self.assertEqual(self.fanion("segment", "patch", "ruled", rule, "--dry-run"), 'Adds rule 1: country is "DE".\n')
        self.assertEqual(self.fanion("segment", "patch", "ruled", rule), "changed ruled\n")
        self.assertIn('\n  rule in development: country is "DE"\n', self.fanion("segment", "get", "ruled"))
        self.assertEqual(len(self.json("segment", "get", "ruled")["environment"]["rules"]), 1)
        more = '{"instructions":[{"kind":"add_included","attribute":"targetingKey","values":["zoe"]}]}'
        patched = self.json("segment", "patch", "ruled", more, "--form", "instructions")
        self.assertEqual((len(patched["rules"]), patched["included"][0]["values"]), (1, ["zoe"]))
        self.assertIn("--yes", self.fanion("segment", "patch", "ruled", rule, "--env", "production", expect=USAGE))
        self.assertIn("[unknown_field]", self.fanion("segment", "patch", "ruled", '{"rule":1}', expect=REFUSED))
        self.assertEqual(self.fanion("segment", "uses", "ruled"), "nothing uses ruled\n")
        self.fanion("flag", "create", "user")
        self.fanion("flag", "rule", "add", "user", "--when", "segment 'ruled'", "--serve", "on")
        self.assertIn(["flag", "user", "development"], [line.split()[:3] for line in self.fanion("segment", "uses", "ruled").splitlines()])

    def test_refusals(self):
        self.fanion("segment", "create", "refused")
        self.assertIn("give values", self.fanion("segment", "members", "add", "refused", expect=USAGE))
        bad = self.write("bad.txt", b"fine\n\xff\n")
        self.assertIn("line:2", self.fanion("segment", "members", "add", "refused", "--file", bad, expect=REFUSED))
        self.fanion("segment", "members", "add", "refused", "--file", "missing.txt", expect=USAGE)
        self.assertIn("--yes", self.fanion("segment", "members", "add", "refused", "a", "--env", "production", expect=USAGE))
        self.assertIn("1 added", self.fanion("segment", "members", "add", "refused", "a", "--env", "production", "--yes"))

    def test_a_large_file_goes_in_parts(self):
        self.fanion("segment", "create", "large")
        large = self.write("large.txt", b"".join(b"user-%050d\n" % number for number in range(50_000)))
        self.assertGreater((self.home / large).stat().st_size, 2 * 1024 * 1024)
        self.assertIn("50000 added", self.fanion("segment", "members", "replace", "large", large, "--dry-run"))
        self.assertEqual(self.noted("segment", "members", "replace", "large", large),
                         "sending part 1 of 2\nsending part 2 of 2\napplying the file\n")
        self.assertIn("50000 already there", self.fanion("segment", "members", "replace", "large", large))
        self.assertIn("49999 removed", self.fanion("segment", "members", "replace", "large", "-", stdin=b"user-%050d\n" % 7))


if __name__ == "__main__":
    unittest.main()
