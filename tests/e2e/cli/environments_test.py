"""What moves configurations, what looks things up, and flags as a whole, with a real control plane."""
import json
import unittest

from command_line import PASSWORD, REFUSED, UNAUTHORIZED, USAGE, CommandLine


class Environments(CommandLine):
    def setUp(self):
        super().setUp()
        self.sign_in()

    def test_compare_promote_history_and_roll_back(self):
        self.fanion("flag", "create", "moved")
        self.fanion("flag", "on", "moved", "--env", "staging", "--comment", "try it")
        compared = self.fanion("environment", "compare", "staging", "production", "--flag", "moved").splitlines()
        self.assertEqual(compared[0].split(), ["WHAT", "PLACE", "staging", "production"])
        self.assertEqual(compared[1].split(), ["flag", "moved", "/enabled", "true", "false"])
        self.assertEqual(self.json("environment", "compare", "staging", "production", "--flag", "moved")[0]["flag"], "moved")
        promote = ("environment", "promote", "--flag", "moved", "staging", "production")
        self.assertIn("nothing was changed", self.fanion(*promote, "--dry-run"))
        self.assertIn("--yes", self.fanion(*promote, expect=USAGE))  # protected, and nobody to ask
        self.fanion("environment", "promote", "staging", "production", expect=USAGE)
        before = self.json("environment", "history", "--env", "production")[0]["version"]
        self.assertIn("production is as staging in this", self.fanion(*promote, "--yes", "--comment", "go"))
        self.assertTrue(self.json("flag", "get", "moved", "--env", "production")["environment"]["enabled"])
        self.assertEqual(self.fanion("environment", "compare", "staging", "production", "--flag", "moved"), "staging and production are the same\n")
        newest = self.json("environment", "history", "--env", "production", "--flag", "moved", "--limit", "1")
        self.assertEqual((len(newest), newest[0]["comment"], newest[0]["flags"]), (1, "go", ["moved"]))
        self.assertIn("moved", self.fanion("environment", "history", "--env", "production"))
        back = self.fanion("environment", "rollback", before, "--env", "production", "--flag", "moved", "--yes")
        self.assertIn(f"production is as in version {before}", back)
        self.assertFalse(self.json("flag", "get", "moved", "--env", "production")["environment"]["enabled"])

    def test_propagation_tells_whether_all_have_it(self):
        self.fanion("flag", "create", "spread")
        told = self.fanion("propagation")
        self.assertIn("is at all relays", told)  # there are none
        self.assertEqual(self.json("propagation"), [])
        self.fanion("propagation", "--wait", "later", expect=REFUSED)

    def test_stages(self):
        self.fanion("flag", "create", "staged-1")
        stages = ("environment", "set", "production", "--staging", "canary", "--soak", "60", "--hold", "600")
        self.fanion(*stages)
        self.fanion("flag", "on", "staged-1", "--env", "production", "--yes")
        told = self.fanion("propagation", "--env", "production", expect=REFUSED)
        self.assertIn("held for relays with the label canary", told)
        held = self.json("environment", "get", "production")["ruleset_version"]
        self.fanion("environment", "release", "production", "--version", "1.1", expect=REFUSED)
        self.assertIn(f"{held} is released", self.fanion("environment", "release", "production", "--version", held, "--comment", "well"))
        self.assertIn("released (person)", self.fanion("propagation", "--env", "production"))
        self.fanion("flag", "off", "staged-1", "--env", "production", "--yes")
        self.assertIn("is withdrawn", self.fanion("environment", "withdraw", "production"))
        self.assertTrue(self.json("flag", "get", "staged-1", "--env", "production")["environment"]["enabled"])
        self.fanion("environment", "withdraw", "production", expect=REFUSED)
        self.fanion("flag", "off", "staged-1", "--env", "production", "--yes", "--skip-stages")
        self.assertIn("is at all relays", self.fanion("propagation", "--env", "production"))
        self.fanion("environment", "set", "production", "--staging", "off")
        self.assertIsNone(self.json("environment", "get", "production")["staging"])

    def test_search(self):
        self.fanion("flag", "create", "needle-1", "--name", "a needle")
        self.stack.admin.call("POST", f"{self.stack.home}/segments", {"key": "needle-people"})
        self.assertEqual([(item["kind"], item["key"]) for item in self.json("search", "needle")], [("flag", "needle-1"), ("segment", "needle-people")])
        self.assertEqual(self.fanion("search", "needle").splitlines()[1].split(), ["flag", "needle-1", "a", "needle"])
        self.assertEqual(self.json("search", "a&b=c#%"), [])

    def test_bulk(self):
        for key in ("bulk-1", "bulk-2"):
            self.fanion("flag", "create", key)
        body = json.dumps({"changes": [{"flags": ["bulk-1", "bulk-2"], "environment": "development", "instructions": [{"kind": "turn_on"}]}]})
        self.assertIn("`bulk-1`: In development: turns the flag on.", self.fanion("bulk", body, "--dry-run"))
        self.assertEqual(self.fanion("bulk", "-", "--comment", "both", stdin=body.encode()), "changed as one: bulk-1 bulk-2\n")
        self.assertEqual(self.fanion("bulk", body), "nothing was changed\n")
        self.fanion("bulk", '{"changes":[]}', expect=REFUSED)


class WholeFlags(CommandLine):
    def setUp(self):
        super().setUp()
        self.sign_in()

    def test_archive_restore_and_delete(self):
        self.fanion("flag", "create", "whole")
        self.assertIn("--yes", self.fanion("flag", "archive", "whole", expect=USAGE))
        self.assertEqual(self.fanion("flag", "archive", "whole", "--yes"), "whole is archived\n")
        self.assertIn("restore", self.fanion("flag", "on", "whole", expect=REFUSED))
        self.assertEqual(self.fanion("flag", "restore", "whole", "--yes", "--comment", "needed"), "whole is restored\n")
        self.assertTrue(self.fanion("flag", "delete", "whole", "--dry-run"))
        self.json("flag", "get", "whole")
        self.assertEqual(self.fanion("flag", "delete", "whole", "--yes"), "whole is deleted\n")
        self.fanion("flag", "get", "whole", expect=REFUSED)

    def test_clone_uses_and_patch(self):
        self.fanion("flag", "create", "base")
        self.fanion("flag", "on", "base")
        self.assertEqual(self.fanion("flag", "clone", "base", "base-2", "--from-env", "development"), "created base-2 like base\n")
        self.assertTrue(self.json("flag", "get", "base-2")["environment"]["enabled"])
        self.assertEqual(self.fanion("flag", "uses", "base"), "nothing uses base\n")
        self.fanion("flag", "set", "base-2", "--patch", '{"prerequisites":[{"flag":"base","variations":["on"]}]}')
        self.assertIn("base-2", self.fanion("flag", "uses", "base"))
        self.assertEqual(self.json("flag", "uses", "base", "--variation", "off")["items"][0]["key"], "base")
        self.assertEqual(self.fanion("flag", "patch", "base", '{"name":"Base"}'), "base is changed\n")
        self.fanion("flag", "patch", "base", '{"instructions":[{"kind":"add_tags","tags":["x"]}]}', "--form", "instructions")
        flag = self.json("flag", "patch", "base", '[{"op":"replace","path":"/owner","value":"me"}]', "--form", "json-patch")
        self.assertEqual((flag["name"], flag["tags"], flag["owner"]), ("Base", ["x"], "me"))
        self.assertTrue(self.fanion("flag", "patch", "base", '{"name":"Other"}', "--dry-run"))

    def test_explain_says_why_now_and_at_a_version(self):
        self.fanion("flag", "create", "why")
        self.fanion("flag", "rule", "add", "why", "--when", "plan is 'pro'", "--serve", "on", "--id", "pro")
        self.fanion("flag", "on", "why")
        before = self.json("environment", "history", "--flag", "why", "--limit", "1")[0]["version"]
        self.fanion("flag", "rule", "remove", "why", "pro")
        self.fanion("flag", "set", "why", "--fallthrough", "off")
        context = '{"targetingKey":"ann","plan":"pro"}'
        now = self.fanion("flag", "explain", "why", context)
        self.assertIn("why = false", now)
        self.assertIn("of development", now)
        then = self.fanion("flag", "explain", "why", context, "--version", before)
        self.assertIn("why = true", then)
        self.assertIn(f"by version {before} of development", then)
        self.assertIn("yes rule pro", then)
        self.assertEqual(self.json("flag", "explain", "why")["variation"], "off")
        self.assertIn("/at", self.fanion("flag", "explain", "why", "--at", "2020-01-01T00:00:00Z", expect=REFUSED))
        self.assertIn("FLAG_NOT_FOUND", self.fanion("flag", "explain", "nothing", expect=REFUSED))
        self.fanion("flag", "explain", "why", "{", expect=USAGE)


class SignedInProfiles(CommandLine):
    def test_each_has_a_session_of_its_own(self):
        self.fanion("profile", "add", "one", "--url", self.stack.control.url, "--email", self.stack.email, "--org", self.stack.org,
                    "--project", self.stack.project)
        self.fanion("flag", "list", "--profile", "one", expect=UNAUTHORIZED)
        self.fanion("login", "--profile", "one", "--password-stdin", stdin=b"wrong\n", expect=UNAUTHORIZED)
        password = PASSWORD.encode() + b"\n"
        self.fanion("login", "--profile", "one", "--password-stdin", stdin=password)
        self.fanion("flag", "list", "--profile", "one")
        self.fanion("flag", "list", FANION_PROFILE="one")
        self.fanion("flag", "list", expect=UNAUTHORIZED)
        self.fanion("profile", "use", "one")
        self.fanion("flag", "list")
        self.fanion("logout")
        self.fanion("flag", "list", expect=UNAUTHORIZED)
        self.assertEqual(self.json("profile", "list")[0]["project"], self.stack.project)
        self.fanion("login", "--password-stdin", stdin=password)
        self.fanion("flag", "list")


if __name__ == "__main__":
    unittest.main()
