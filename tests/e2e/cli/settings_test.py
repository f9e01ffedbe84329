"""Settings, and what a control plane tells of a flag's answers, of an entry and of a ruleset."""
import datetime
import json
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from cli.command_line import CommandLine, REFUSED, UNAUTHORIZED, USAGE  # noqa: E402


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

    def test_a_flag_is_snoozed(self):
        self.fanion("flag", "create", "sleepy")
        self.assertRegex(self.fanion("flag", "snooze", "sleepy", "--days", "30", "--comment", "later"), "sleepy is snoozed until 20")
        self.assertEqual((self.newest_entry()["action"], self.newest_entry()["comment"]), ("flag.snoozed", "later"))
        self.assertEqual(self.json("flag", "stale", "--snoozed"), [])
        self.assertEqual(self.fanion("flag", "unsnooze", "sleepy"), "sleepy is not snoozed any more\n")
        self.fanion("flag", "unsnooze", "sleepy", expect=REFUSED)
        self.fanion("flag", "snooze", "sleepy", expect=USAGE)

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

    def test_an_approval_is_asked_for_or_given_without_a_question(self):
        self.fanion("environment", "create", "judged")
        self.fanion("flag", "create", "judged-flag")
        judged = ("--env", "judged")
        self.fanion("environment", "approvals", "judged", "1")
        asked = [self.json("flag", "on", "judged-flag", "--request", title, *judged) for title in ("One", "Two", "Three")]
        one, two, three = (request["id"] for request in asked)
        self.assertIn("author", self.fanion("request", "approve", one, "--yes", *judged, expect=UNAUTHORIZED))
        self.login("--setup-token", self.invite("judge@example.com", "maintainer"), "--org", self.stack.org, "--project", self.stack.project,
                   "--env", "judged", email="judge@example.com")

        def approvals(request):
            return len(self.json("request", "get", request)["approvals"])

        for typed in (b"", b"y\n"):  # nobody is asked in a pipe
            self.assertIn("--digest", self.fanion("request", "approve", one, stdin=typed, expect=USAGE))
        shown = self.screen("request", "approve", one, typed="n\n", expect=REFUSED)
        self.assertRegex(shown, r"title +One\n(.*\n)*change +Turns the flag on\.\ndigest +[0-9a-f]{64}\nApprove this\? \[y/N\] fanion: not approved\n$")
        self.assertNotIn("[y/N]", self.screen("request", "approve", one, "--json", typed="n\n", expect=USAGE))
        self.assertIn("[result_changed]", self.fanion("request", "approve", one, "--digest", "5a1c", expect=REFUSED))
        self.assertEqual(approvals(one), 0)
        self.assertIn(f"[y/N] approved {one}\n", self.screen("request", "approve", one, "--comment", "fine", typed="y\n"))
        self.assertEqual(self.fanion("request", "approve", two, "--yes"), f"approved {two}\n")
        self.assertEqual(self.fanion("request", "approve", three, "--digest", asked[2]["result"]["digest"]), f"approved {three}\n")
        self.assertEqual([approvals(request) for request in (one, two, three)], [1, 1, 1])
        self.assertIn("no such change request", self.fanion("request", "approve", "cr_none", "--yes", expect=REFUSED))

    def test_what_get_prints_is_for_people_on_a_terminal_and_json_in_a_pipe(self):
        self.fanion("flag", "create", "rolled")
        self.fanion("flag", "on", "rolled")
        self.fanion("flag", "set", "rolled", "--fallthrough", "off")
        plan = {"flag": "rolled", "from": "off", "to": "on", "steps": [{"share": 1000, "hold": "1h"}, {"share": 100000}], "max_wait": "3d"}
        change = {"method": "PATCH", "path": "projects/web/flags/rolled/environments/development", "body": {"enabled": False}}
        self.fanion("rollout-policy", "set", "careful", '{"match":{"tags":["tier-1"]},"require":{"max_first_share":1000}}')
        made = {
            "rollout": self.json("rollout", "start", json.dumps(plan))["id"], "rollout-policy": "careful",
            "schedule": self.json("schedule", "create", json.dumps(change), "--every", "day", "--time", "06:00")["id"],
            "webhook": self.json("webhook", "create", "https://hooks.example.com/in", "--name", "ops", "--event", "flag.*")["id"],
            "view": self.json("view", "create", '{"name":"Stale","filter":{"evaluated":"never","tag":["a","b"]}}')["id"],
            "context": self.json("context", "create", '{"name":"Ann","context":{"plan_tier":"pro","list":[1,2]}}')["id"],
        }
        lines = {"rollout": "steps 1 share +1000", "rollout-policy": "match tags +tier-1", "schedule": "change method +PATCH",
                 "webhook": "events +flag\\.\\*", "view": "filter tag +a, b", "context": "context plan_tier +pro"}
        for kind, name in made.items():
            with self.subTest(kind):
                shown = self.screen(kind, "get", name)
                self.assertRegex(shown, rf"^(id|key) +{name}\n(.*\n)*{lines[kind]}\n")
                self.assertNotIn('{"', shown)
                piped = json.loads(self.fanion(kind, "get", name))
                self.assertEqual(piped.keys(), self.json(kind, "get", name).keys())
                self.assertEqual(piped.keys(), json.loads(self.screen(kind, "get", name, "--json")).keys())
                self.assertIn("no such", self.screen(kind, "get", "none", expect=REFUSED))
        self.fanion("rollout", "cancel", made["rollout"])
        self.fanion("rollout-policy", "delete", "careful")

    def test_events_are_kept_for_as_long_as_is_said(self):
        by_default = "exposures and metric events are kept as long as the operator has set\n"
        self.assertEqual(self.fanion("event-retention"), by_default)
        self.assertIn("kept for 30 days", self.fanion("event-retention", "--days", "30", "--comment", "the law"))
        self.assertEqual((self.newest_entry()["comment"], self.newest_entry()["after"]["retention_days"]), ("the law", 30))
        self.assertIn("[out_of_range]", self.fanion("event-retention", "--days", "3", expect=REFUSED))
        for wrong in ("soon", "", "-5", "9" * 30):
            self.fanion("event-retention", "--days", wrong, expect=USAGE)
        self.assertIn("kept for 7 days", self.fanion("event-retention", "--days", "007"))
        self.assertEqual(self.fanion("event-retention", "--days", "default"), by_default)

    def test_whoami_names_person_credential_and_organisations(self):
        self.assertRegex(self.fanion("whoami"), r"who +owner@example.com\nwith +session \S+\nat +http://\S+\norganisations +acme \(owner\)\n")
        self.assertEqual(self.json("whoami")["user"]["email"], self.stack.email)


if __name__ == "__main__":
    unittest.main(verbosity=2)
