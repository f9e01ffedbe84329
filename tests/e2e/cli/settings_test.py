"""Settings, and what a control plane tells of a flag's answers, of an entry and of a ruleset."""
import datetime
import json
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from cli.command_line import CommandLine, REFUSED, USAGE  # noqa: E402


class Settings(CommandLine):
    def setUp(self):
        super().setUp()
        self.sign_in()

    def newest_entry(self):
        return self.json("audit", "list", "--limit", "1")[0]["entry"]

    def test_the_retention_of_the_audit_log_is_set_and_taken_back(self):
        self.assertEqual(self.fanion("audit", "retention"), "entries are kept as long as the operator has set\n")
        self.assertEqual(self.fanion("audit", "retention", "400", "--comment", "the law"), "entries are kept for 400 days\n")
        self.assertEqual((self.newest_entry()["comment"], self.newest_entry()["after"]["retention_days"]), ("the law", 400))
        self.assertEqual(self.json("audit", "retention")["retention_days"], 400)
        self.assertIn("[out_of_range]", self.fanion("audit", "retention", "3", expect=REFUSED))
        self.fanion("audit", "retention", "soon", expect=USAGE)
        self.assertEqual(self.fanion("audit", "retention", "default"), "entries are kept as long as the operator has set\n")

    def test_a_second_factor_is_not_required_by_whoever_has_none(self):
        self.assertEqual(self.fanion("sign-in"), "a second factor is optional\n")
        self.assertIn("[enrol_first]", self.fanion("sign-in", "--second-factor", "required", expect=REFUSED))
        self.assertEqual(self.json("sign-in", "--second-factor", "optional")["second_factor"], "optional")
        self.fanion("sign-in", "--second-factor", "sometimes", expect=USAGE)

    def test_days_of_the_lifecycle_that_are_not_given_stay(self):
        before = self.json("lifecycle")
        self.fanion("lifecycle", "--unused-days", "21", "--lifetime", "release=60", "--lifetime", "experiment=none")
        after = self.json("lifecycle")
        self.assertEqual(after["lifetimes"], {**before["lifetimes"], "release": 60, "experiment": None})
        self.assertEqual((after["unused_days"], after["constant_days"]), (21, before["constant_days"]))
        self.assertRegex(self.fanion("lifecycle"), r"unused after +21 days\n(.*\n)*experiment +stays\n")
        for wrong in ("release", "release=", "release=x", "other=3"):
            self.fanion("lifecycle", "--lifetime", wrong, expect=USAGE)

    def test_the_answers_of_a_flag_are_told(self):
        self.fanion("flag", "create", "told", "--tag", "web", "--tag", "shop")
        self.assertEqual(self.json("flag", "get", "told")["flag"]["tags"], ["web", "shop"])
        self.assertIn(["development", "never"], [line.split() for line in self.fanion("flag", "evaluations", "told").splitlines()])
        self.assertIsNone(self.json("flag", "evaluations", "told")["environments"]["development"]["evaluated_at"])

    def test_an_entry_is_shown_with_what_it_changed(self):
        self.fanion("flag", "create", "entered")
        self.fanion("flag", "on", "entered")
        entry = self.newest_entry()
        shown = self.fanion("audit", "get", entry["id"])
        self.assertIn('"path":"/enabled","value":true', shown)
        self.assertEqual(self.json("audit", "get", entry["id"])["entry"]["action"], "flag.configured")
        self.fanion("audit", "get", "a_none", expect=REFUSED)

    def test_a_ruleset_is_got_and_verifies(self):
        trust = self.stack.dir / "control" / "trust.json"
        self.fanion("ruleset", "get", "--output", "development.ruleset")
        self.assertIn("acme/web/development", self.fanion("ruleset", "verify", "development.ruleset", "--trust", trust))
        self.assertEqual(self.noted("audit", "export", "--output", "acme.ndjson"), "wrote acme.ndjson\n")
        verified = self.fanion("audit", "verify", "acme.ndjson", "--ruleset", "development.ruleset", "--trust", trust)
        self.assertRegex(verified, r"entries of acme \(o_\w+\)\n(.*\n)*statements +1 hold\n")
        self.assertIn("flags", self.json("ruleset", "get", "--plain"))
        self.fanion("ruleset", "get", "--version", "999999", expect=REFUSED)

    def test_every_change_says_why(self):
        def why(*arguments):
            comment = "why: " + " ".join(arguments[:2])
            self.fanion(*arguments, "--comment", comment)
            self.assertEqual(self.newest_entry()["comment"], comment, arguments)

        def newest(*listed):
            return self.json(*listed)[0]["id"]

        self.login("--setup-token", self.invite("why@example.com", "viewer"), email="why@example.com")
        self.sign_in()
        self.fanion("flag", "create", "asked")
        for arguments in (("project", "create", "why"), ("project", "set", "why", "--name", "Why"), ("project", "delete", "why", "--confirm", "why"),
                          ("project", "restore", "why"), ("environment", "create", "qa"), ("environment", "set", "qa", "--description", "x"),
                          ("environment", "approvals", "qa", "1"), ("role", "create", "why", "--permissions", "read"),
                          ("role", "set", "why", "--name", "Why"), ("role", "delete", "why"), ("member", "role", "why@example.com", "developer"),
                          ("member", "role", "why@example.com", "admin", "--project", "why"), ("member", "unassign", "why@example.com", "--project", "why"),
                          ("member", "remove", "why@example.com"), ("invitation", "create", "guest@example.com"),
                          ("prometheus", "set", "main", "--url", "https://prometheus.example"), ("prometheus", "delete", "main")):
            why(*arguments)
        why("invitation", "withdraw", newest("invitation", "list"))
        why("key", "create", "server")
        for verb in ("rotate", "revoke"):
            why("key", verb, newest("key", "list"))
        why("token", "create", "ci", "--service")
        for verb in ("rotate", "revoke"):
            why("token", verb, newest("token", "list", "--service"), "--service")
        why("webhook", "create", "https://hooks.example.com/in", "--event", "flag.deleted")
        hook = newest("webhook", "list")
        why("webhook", "set", hook, "--name", "Why")
        for verb in ("disable", "enable", "test", "rotate", "delete"):
            why("webhook", verb, hook)
        change = json.dumps({"method": "PATCH", "path": "projects/web/flags/asked/environments/development",
                             "type": "application/merge-patch+json", "body": {"enabled": True}})
        later = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=1)
        why("schedule", "create", change, "--at", later.strftime("%Y-%m-%dT%H:%M:%SZ"))
        for verb in ("pause", "resume", "cancel"):
            why("schedule", verb, newest("schedule", "list"))
        why("request", "create", change, "--title", "Turn it on")
        why("request", "set", newest("request", "list"), "--title", "Turn it on now")

    def test_a_change_that_takes_approvals_is_asked_for(self):
        self.fanion("environment", "create", "guarded")
        self.fanion("flag", "create", "asked-for")
        guarded = ("--env", "guarded")
        self.fanion("environment", "approvals", "guarded", "1")
        self.assertIn("--request TITLE", self.fanion("flag", "on", "asked-for", *guarded, expect=REFUSED))
        self.assertIn("--request", self.fanion("flag", "on", "asked-for", "--request", "", *guarded, expect=USAGE))
        created = self.fanion("flag", "on", "asked-for", "--request", "Go", "--comment", "it is time", *guarded)
        request = self.json("request", "get", created.removeprefix("created ").strip(), *guarded)
        self.assertEqual((request["title"], request["result"]["changes"]), ("Go", ["Turns the flag on."]))
        self.assertEqual(request["changes"][0]["comment"], "it is time")
        shown = self.fanion("request", "get", request["id"], "--preview", *guarded)
        self.assertRegex(shown, rf"title +Go\nstate +open\nauthor +u_\w+\napprovals +0/1\nchange +Turns the flag on.\ndigest +{request['result']['digest']}\n$")
        rule = self.json("flag", "rule", "add", "asked-for", "--when", "country is 'DE'", "--serve", "on", "--request", "Germany", *guarded)
        self.assertEqual(len(rule["result"]["changes"]), 1)
        self.fanion("flag", "set", "asked-for", "--off", "none", "--request", "Nothing while off", *guarded)
        self.assertFalse(self.json("flag", "get", "asked-for", *guarded)["environment"]["enabled"])
        self.fanion("environment", "approvals", "guarded", "0")
        self.fanion("request", "apply", request["id"], *guarded)
        self.assertTrue(self.json("flag", "get", "asked-for", *guarded)["environment"]["enabled"])

    def test_whoami_names_person_credential_and_organisations(self):
        self.assertRegex(self.fanion("whoami"), r"who +owner@example.com\nwith +session \S+\nat +http://\S+\norganisations +acme \(owner\)\n")
        self.assertEqual(self.json("whoami")["user"]["email"], self.stack.email)


if __name__ == "__main__":
    unittest.main(verbosity=2)
