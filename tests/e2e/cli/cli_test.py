"""Every command of `fanion flag`, the audit log, and evaluating at a relay."""
import hashlib
import json
import os
import pathlib
import subprocess
import sys
import threading
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from cli.command_line import CommandLine, DONE, REFUSED, UNAUTHORIZED, UNREACHABLE, USAGE  # noqa: E402
from support.processes import http, wait_for  # noqa: E402
from support.stack import BIN, ofrep, ofrep_value  # noqa: E402


class Flags(CommandLine):
    def setUp(self):
        super().setUp()
        self.sign_in()

    def configuration(self, key, env="development"):
        return self.stack.admin.call("GET", f"{self.stack.home}/flags/{key}/environments/{env}").json

    def test_create_get_and_list(self):
        self.assertEqual(self.fanion("flag", "create", "plain"), "created plain, off in every environment\n")
        made = self.json("flag", "create", "theme", "--type", "string", "--name", "The theme", "--description", "d", "--client",
                         "--variation", 'dark="#000"', "--variation", 'light="#fff"')
        self.assertEqual((made["type"], made["name"], made["description"], made["client"]), ("string", "The theme", "d", True))
        self.assertEqual(made["variations"], [{"key": "dark", "value": "#000"}, {"key": "light", "value": "#fff"}])
        self.assertEqual(self.fanion("flag", "get", "theme"), 'theme (string)  The theme\n  dark = "#000"\n  light = "#fff"\n'
                                                              'development: off\n  off "dark"\n  fallthrough {"variation":"dark"}\n')
        got = self.json("flag", "get", "theme")
        self.assertEqual((got["flag"]["key"], got["environment"]["environment"]), ("theme", "development"))
        lines = self.fanion("flag", "list").splitlines()
        self.assertEqual(lines[0].split(), ["KEY", "TYPE", "STATE", "OWNER", "EVALUATED", "NAME"])
        self.assertIn(["theme", "string", "active", "never", "The", "theme"], [line.split() for line in lines])
        self.assertIn("theme", [flag["key"] for flag in self.json("flag", "list")])

    def test_a_list_is_searched_and_flags_that_are_done_with_are_named(self):
        self.fanion("flag", "create", "searched", "--owner", "ann", "--lifetime", "release")
        found = self.json("flag", "list", "--search", "SEARCH", "--owner", "ann", "--lifetime", "release", "--state", "active",
                          "--type", "boolean", "--enabled", "false", "--evaluated", "never", "--sort", "-created")
        self.assertEqual([flag["key"] for flag in found], ["searched"])
        self.assertNotIn("searched", [flag["key"] for flag in self.json("flag", "list", "--unowned")])
        self.assertEqual(self.json("flag", "list", "--tag", "none", "--tag", "other"), [])
        self.assertIn("[bad_value]", self.fanion("flag", "list", "--sort", "salt", expect=REFUSED))
        self.assertEqual(self.fanion("flag", "stale").split(), ["FLAG", "OWNER", "LIFETIME", "WHY"])
        self.assertEqual(self.json("flag", "stale", "--reason", "unused", "--owner", "ann"), [])
        self.assertIn("[bad_value]", self.fanion("flag", "stale", "--reason", "old", expect=REFUSED))

    def test_statistics_are_a_table_of_steps(self):
        self.assertEqual(self.fanion("stats").split(), ["AT"])
        self.assertEqual(self.json("stats", "nothing", "--step", "day", "--by", "variation")["series"], [])
        self.assertIn("[bad_value]", self.fanion("stats", "--step", "week", expect=REFUSED))

    def test_numbers_keep_their_spelling(self):
        self.fanion("flag", "create", "limit", "--type", "number", "--variation", "a=1.0", "--variation", "b=9007199254740993")
        self.assertIn("\n  a = 1.0\n  b = 9007199254740993\n", self.fanion("flag", "get", "limit"))

    def test_usage(self):
        self.sign_in()
        text = self.fanion("usage")
        self.assertRegex(text, r"QUOTA +USED +LIMIT\n")
        self.assertRegex(text, r"environments +\d+ +1000\n")
        self.assertRegex(text, r"events_per_day +0 +unlimited\n")
        self.assertEqual(self.json("usage")["quotas"][0]["name"], "flags")

    def test_a_list_longer_than_a_page_is_whole(self):
        self.stack.admin.call("POST", "/orgs/acme/projects", {"key": "many"})
        for number in range(205):
            self.stack.admin.call("POST", "/orgs/acme/projects/many/flags", {"key": f"f{number:03}", "type": "boolean"})
        keys = [flag["key"] for flag in self.json("flag", "list", "--project", "many")]
        self.assertEqual(keys, [f"f{number:03}" for number in range(205)])

    def test_refusals_say_why(self):
        self.fanion("flag", "create", "twice")
        self.fanion("flag", "create", "twice", expect=REFUSED)
        bad = self.json("flag", "create", "no good", expect=REFUSED)["error"]
        self.assertEqual(bad["findings"][0]["pointer"], "/key")
        self.fanion("flag", "get", "nowhere", expect=REFUSED)
        self.fanion("flag", "on", "nowhere", expect=REFUSED)
        self.fanion("flag", "list", "--project", "nowhere", expect=REFUSED)
        self.assertIn("[unknown_reference]", self.fanion("flag", "set", "twice", "--fallthrough", "maybe", expect=REFUSED))

    def test_on_and_off(self):
        self.fanion("flag", "create", "switch")
        self.assertEqual(self.fanion("flag", "on", "switch"), "switch is on in development\n")
        self.assertTrue(self.configuration("switch")["enabled"])
        self.assertFalse(self.configuration("switch", "staging")["enabled"])
        self.assertEqual(self.json("flag", "off", "switch")["enabled"], False)
        self.assertIn("--yes", self.fanion("flag", "on", "switch", "--env", "production", expect=USAGE))  # nobody to ask
        self.assertFalse(self.configuration("switch", "production")["enabled"])
        self.fanion("flag", "on", "switch", "--env", "production", "--yes")
        self.assertTrue(self.configuration("switch", "production")["enabled"])

    def test_a_protected_environment_is_changed_after_a_yes(self):
        self.fanion("flag", "create", "asked")
        for answer, code, enabled in ((b"n\n", REFUSED, False), (b"y\n", DONE, True)):
            master, slave = os.openpty()
            os.write(master, answer)
            kept = {name: value for name, value in os.environ.items() if not name.startswith("FANION_")}
            done = subprocess.run([str(BIN.resolve() / "fanion"), "flag", "on", "asked", "--env", "production"], stdin=slave,
                                  capture_output=True, timeout=60, check=False, env={**kept, "XDG_CONFIG_HOME": str(self.home)})
            os.close(master)
            os.close(slave)
            self.assertEqual(done.returncode, code, done)
            self.assertIn(b"The environment production is protected. Change asked there? [y/N]", done.stderr)
            self.assertEqual(self.configuration("asked", "production")["enabled"], enabled)

    def test_an_archived_flag_is_not_said_to_be_on(self):
        self.fanion("flag", "create", "old")
        flag = f"{self.stack.home}/flags/old"
        tag = self.stack.admin.call("GET", flag).headers["ETag"]
        self.assertEqual(self.stack.admin.call("PATCH", flag, {"archived": True}, headers={"If-Match": tag}).status, 200)
        self.assertIn("archived", self.fanion("flag", "on", "old", expect=REFUSED))
        self.assertFalse(self.configuration("old")["enabled"])

    def test_warnings_are_printed_and_refused_with_strict(self):
        self.fanion("flag", "create", "warned")
        same = {"rules": [{"id": "a", "when": {"attribute": "c", "op": "is", "values": ["x"]}, "serve": {"variation": "on"}},
                          {"id": "b", "when": {"attribute": "c", "op": "is", "values": ["x"]}, "serve": {"variation": "off"}}]}
        refused = self.fanion("flag", "set", "warned", "--strict", "--patch", json.dumps(same), expect=REFUSED)
        self.assertIn("/rules/1", refused)
        self.assertEqual(self.configuration("warned")["rules"], [])
        done = subprocess.run([str(BIN.resolve() / "fanion"), "flag", "set", "warned", "--patch", json.dumps(same)], capture_output=True,
                              timeout=60, check=True, env={**os.environ, "XDG_CONFIG_HOME": str(self.home)})
        self.assertIn(b"fanion: warning: ", done.stderr)
        self.assertIn(b"/rules/1", done.stderr)
        self.assertEqual(done.stdout, b"warned is set in development\n")

    def test_set(self):
        self.fanion("flag", "create", "s")
        self.assertEqual(self.fanion("flag", "set", "s", "--split", "on=1,off=99"), "s is set in development\n")
        self.assertEqual(self.configuration("s")["fallthrough"]["split"]["ranges"], [[0, 1000, "on"], [1000, 100000, "off"]])
        self.fanion("flag", "set", "s", "--split", "on=0.001,off=99.999")
        self.assertEqual(self.configuration("s")["fallthrough"]["split"]["ranges"], [[0, 1, "on"], [1, 100000, "off"]])
        self.fanion("flag", "set", "s", "--split", "on=0,off=100")
        self.assertEqual(self.configuration("s")["fallthrough"]["split"]["ranges"], [[0, 100000, "off"]])
        self.fanion("flag", "set", "s", "--fallthrough", "on", "--off", "none")
        self.assertEqual((self.configuration("s")["fallthrough"], self.configuration("s")["off"]), ({"variation": "on"}, None))
        self.fanion("flag", "set", "s", "--off", "on")
        self.assertEqual(self.configuration("s")["off"], "on")
        self.fanion("flag", "set", "s", "--split", "on=50,off=50", "--off", "none", "--env", "production", "--yes")
        made = self.configuration("s", "production")
        self.assertEqual((made["off"], [r[2] for r in made["fallthrough"]["split"]["ranges"]]), (None, ["on", "off"]))

    def test_set_takes_a_merge_patch_as_text_file_or_input(self):
        self.fanion("flag", "create", "p")
        rules = {"rules": [{"id": "r", "when": {"attribute": "country", "op": "is", "values": ["DE"]}, "serve": {"variation": "on"}}]}
        (self.home / "rules.json").write_text(json.dumps(rules))
        self.fanion("flag", "set", "p", "--patch", "@rules.json")
        self.assertEqual(self.configuration("p")["rules"][0]["id"], "r")
        self.fanion("flag", "set", "p", "--patch", '{"rules":[]}')
        self.assertEqual(self.configuration("p")["rules"], [])
        self.fanion("flag", "set", "p", "--patch", "-", stdin=json.dumps(rules).encode())
        self.assertEqual(len(self.configuration("p")["rules"]), 1)
        self.fanion("flag", "set", "p", "--patch", '{"wave":1}', expect=REFUSED)

    def test_rules_targets_and_weights(self):
        self.fanion("flag", "create", "edited")
        add = ("flag", "rule", "add", "edited", "--when", "country is 'DE'")
        self.assertEqual(self.fanion(*add, "--serve", "on", "--id", "de"), "edited is changed in development\n")
        self.fanion(*add, "--split", "on=10", "--id", "first", "--before", "de", "--comment", "pilot")
        entry = self.stack.admin.call("GET", "/orgs/acme/audit?limit=1").json["items"][0]["entry"]
        self.assertEqual(entry["comment"], "pilot")
        rules = self.configuration("edited")["rules"]
        self.assertEqual([rule["id"] for rule in rules], ["first", "de"])
        self.assertEqual(rules[0]["serve"]["split"]["otherwise"], "next")
        self.fanion("flag", "rule", "move", "edited", "first", "--after", "de")
        self.assertEqual([rule["id"] for rule in self.configuration("edited")["rules"]], ["de", "first"])
        self.fanion("flag", "weights", "edited", "on=25", "--rule", "first")
        self.assertEqual(self.configuration("edited")["rules"][1]["serve"]["split"]["ranges"], [[0, 25000, "on"]])
        self.fanion("flag", "weights", "edited", "on=1,off=99")
        self.assertIn("split", self.configuration("edited")["fallthrough"])
        self.fanion("flag", "rule", "remove", "edited", "de")
        self.assertIn("unknown_rule", self.fanion("flag", "rule", "remove", "edited", "de", expect=REFUSED))
        self.fanion("flag", "target", "add", "edited", "on", "alice", "bob")
        self.fanion("flag", "target", "add", "edited", "off", "acme", "--attribute", "company")
        self.fanion("flag", "target", "remove", "edited", "on", "alice")
        self.assertEqual([target["values"] for target in self.configuration("edited")["targets"]], [["bob"], ["acme"]])

    def test_a_dry_run_says_what_would_change(self):
        self.fanion("flag", "create", "tried")
        before = self.configuration("tried")
        self.assertEqual(self.fanion("flag", "on", "tried", "--dry-run"), "Turns the flag on.\n")
        self.assertEqual(self.fanion("flag", "off", "tried", "--dry-run"), "Nothing would change.\n")
        self.assertEqual(self.fanion("flag", "target", "add", "tried", "on", "alice", "--dry-run"), "Adds 1 target of `on`: `alice`.\n")
        self.assertEqual(self.json("flag", "set", "tried", "--off", "on", "--dry-run")["changes"],
                         ["While the flag is off, it serves `on` instead of `off`."])
        self.assertEqual(self.fanion("flag", "on", "tried", "--dry-run", "--env", "production"), "Turns the flag on.\n")
        self.assertEqual(self.configuration("tried"), before)
        self.assertEqual(self.fanion("flag", "create", "not-made", "--dry-run"), "Creates the boolean flag `not-made`.\n")
        self.fanion("flag", "get", "not-made", expect=REFUSED)

    def test_changes_at_the_same_time_are_all_made(self):
        self.fanion("flag", "create", "busy")
        changes = [("--patch", '{"enabled":true}'), ("--off", "none"), ("--fallthrough", "off")]
        threads = [threading.Thread(target=self.fanion, args=("flag", "set", "busy", *change)) for change in changes]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        made = self.configuration("busy")
        self.assertEqual((made["enabled"], made["off"], made["fallthrough"]), (True, None, {"variation": "off"}))


class AuditLog(CommandLine):
    def setUp(self):
        super().setUp()
        self.sign_in()

    def test_entries_are_listed_followed_and_undone(self):
        self.fanion("flag", "create", "watched")
        before = self.json("audit", "list", "--limit", "1")[0]["seq"]
        self.fanion("flag", "on", "watched")
        found = self.json("audit", "list", "--action", "flag.configured", "--text", "flags/watched", "--actor", self.stack.email)
        entry = found[0]["entry"]
        self.assertEqual(entry["after"]["enabled"], True)
        told = json.loads(self.fanion("audit", "tail", "--json", "--since", before, "--count", "1"))
        self.assertEqual((told["id"], told["action"]), (entry["id"], "flag.configured"))
        self.assertIn("restore projects/web/flags/watched/environments/development", self.fanion("audit", "revert", entry["id"], "--dry-run"))
        self.assertTrue(self.json("flag", "get", "watched")["environment"]["enabled"])
        self.assertEqual(self.fanion("audit", "revert", entry["id"], "--comment", "too early"), f"reverted {entry['id']}\n")
        self.assertFalse(self.json("flag", "get", "watched")["environment"]["enabled"])
        self.assertIn("has changed since", self.fanion("audit", "revert", entry["id"], expect=REFUSED))

    def test_an_export_verifies_offline_until_it_is_touched(self):
        self.fanion("audit", "export", "--output", "log.ndjson")
        self.assertIn("start     first", self.fanion("audit", "verify", "log.ndjson"))
        text = (self.home / "log.ndjson").read_bytes()
        ruleset = self.stack.admin.call("GET", "/orgs/acme/projects/web/environments/development/ruleset")
        (self.home / "development.ruleset").write_bytes(ruleset.body)
        self.assertIn("1 hold", self.fanion("audit", "verify", "log.ndjson", "--ruleset", "development.ruleset"))
        lines = text.split(b"\n")
        (self.home / "cut.ndjson").write_bytes(b"\n".join(lines[:1] + lines[2:]))
        self.assertIn("line 2, entry 2: entry 1 is missing", self.fanion("audit", "verify", "cut.ndjson", expect=REFUSED))
        self.assertTrue(self.fanion("audit", "export", "--format", "csv").startswith("seq,id,at,"))

    def test_an_export_that_was_altered_does_not_verify(self):
        self.fanion("flag", "create", "altered")
        self.fanion("audit", "export", "--output", "log.ndjson")
        lines = (self.home / "log.ndjson").read_bytes().split(b"\n")[:-1]
        compact = {"separators": (",", ":"), "ensure_ascii": False}

        def verify(number, *path, summed, expect=REFUSED):
            line = part = json.loads(lines[number])
            for name in path[:-1]:
                part = part[name]
            part[path[-1]] += 1 if isinstance(part[path[-1]], int) else "x"
            altered = [*lines[:number], json.dumps(line, **compact).encode(), *lines[number + 1:]]
            if summed:
                end = {**json.loads(lines[-1]), "sha256": hashlib.sha256(b"\n".join(altered[:-1]) + b"\n").hexdigest()}
                altered[-1] = json.dumps(end, **compact).encode()
            (self.home / "altered.ndjson").write_bytes(b"\n".join(altered) + b"\n")
            with self.subTest(line=number + 1, path=path, summed=summed):
                self.fanion("audit", "verify", "altered.ndjson", expect=expect)

        for summed in (False, True):
            verify(0, "org_id", summed=summed)
            verify(1, "entry", "action", summed=summed)
            verify(len(lines) - 2, "entry", "after", "key", summed=summed)
        verify(len(lines) - 1, "entries", summed=False)
        verify(0, "org", summed=True, expect=DONE)  # nothing else says it


class AtARelay(CommandLine):
    def test_a_change_is_seen_and_answered(self):
        self.sign_in()
        self.fanion("flag", "create", "checkout")
        self.fanion("flag", "on", "checkout")
        key = self.stack.create_key("server")
        relay = self.stack.add_relay("relay-1").start()
        wait_for(lambda: ofrep_value(relay, key, "checkout") is True, "the flag at the relay")
        wait_for(lambda: ofrep(relay, "junk", "checkout").status == 401, "that a key is unknown is known")

        def ask(*arguments, **more):
            return self.fanion("eval", *arguments, FANION_RELAY=relay.url, FANION_KEY=key, **more)

        told = json.loads(ask("checkout", '{"targetingKey":"alice"}'))
        self.assertEqual((told["key"], told["value"], told["variant"]), ("checkout", True, "on"))
        self.assertEqual(json.loads(self.fanion("eval", "checkout", "--relay", relay.url, "--key", key))["value"], True)
        self.assertEqual(json.loads(ask("nowhere", expect=REFUSED))["errorCode"], "FLAG_NOT_FOUND")
        self.assertEqual(json.loads(ask("checkout", "[]", expect=REFUSED))["errorCode"], "INVALID_CONTEXT")
        ask("checkout", "--key", "junk", expect=UNAUTHORIZED)
        self.assertIn("larger than 64 KiB", ask("checkout", json.dumps({f"a{i}": "x" * 1000 for i in range(70)}), expect=REFUSED))
        self.offline(relay)
        relay.process.stop()
        ask("checkout", expect=UNREACHABLE)

    def offline(self, relay):
        """Rulesets of the control plane and the relay, saved as files, verify and can be evaluated."""
        trust = self.dir / "control" / "trust.json"
        ruleset = self.stack.admin.call("GET", f"{self.stack.home}/environments/development/ruleset").body
        (self.home / "from-control.ruleset").write_bytes(ruleset)
        env_id = self.stack.admin.call("GET", f"{self.stack.home}/environments/development").json["env_id"]
        (self.home / "from-relay.ruleset").write_bytes(http("GET", f"{relay.operators}/debug/ruleset/{env_id}").body)
        for name, withheld in (("from-control.ruleset", False), ("from-relay.ruleset", True)):
            report = self.json("ruleset", "verify", name, "--trust", trust)
            self.assertEqual((report["project"], report["env"]), ("web", "development"))
            self.assertEqual(report["withheld"] > 0, withheld)
            told = json.loads(self.fanion("eval", "checkout", "--ruleset", name, "--trust", trust))
            self.assertEqual(told["value"], True)


if __name__ == "__main__":
    unittest.main()
