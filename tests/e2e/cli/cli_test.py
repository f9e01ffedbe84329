"""`fanion` with a real control plane and relay: signing in, every command of `fanion flag`, evaluating at a relay."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from support.processes import http, wait_for  # noqa: E402
from support.stack import BIN, PASSWORD, Stack, ofrep, ofrep_value  # noqa: E402

DONE, REFUSED, USAGE, UNREACHABLE, UNAUTHORIZED = range(5)  # docs/cli.md


class CommandLine(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="fanion-", dir="/tmp")
        cls.addClassCleanup(folder.cleanup)
        cls.dir = pathlib.Path(folder.name)
        cls.stack = cls.enterClassContext(Stack(cls.dir))

    def setUp(self):
        home = tempfile.TemporaryDirectory(prefix="home-", dir=self.dir)
        self.addCleanup(home.cleanup)
        self.home = pathlib.Path(home.name)
        self.credentials = self.home / "fanion" / "credentials.json"

    def fanion(self, *arguments, stdin=b"", expect=DONE, **env):
        kept = {name: value for name, value in os.environ.items() if not name.startswith("FANION_")}
        done = subprocess.run([str(BIN.resolve() / "fanion"), *(str(a) for a in arguments)], input=stdin, capture_output=True,
                              timeout=60, check=False, cwd=self.home, env={**kept, "XDG_CONFIG_HOME": str(self.home), **env})
        self.assertEqual(done.returncode, expect, (arguments, done.stdout, done.stderr))
        return (done.stdout if expect == DONE or not done.stderr else done.stderr).decode()

    def json(self, *arguments, **more):
        return json.loads(self.fanion(*arguments, "--json", **more))

    def login(self, *more, email=None, password=PASSWORD, **options):
        return self.fanion("login", "--url", self.stack.control.url, "--email", email or self.stack.email, "--password-stdin", *more,
                           stdin=password.encode() + b"\n", **options)

    def sign_in(self, env="development"):
        self.login("--org", self.stack.org, "--project", self.stack.project, "--env", env)

    def invite(self, email, role):
        answer = self.stack.admin.call("POST", f"/orgs/{self.stack.org}/members", {"email": email, "role": role})
        return answer.json["setup_token"]


class SigningIn(CommandLine):
    def test_tokens_and_defaults_are_kept_for_the_owner_only(self):
        self.assertEqual(self.login(), f"signed in to {self.stack.control.url} as {self.stack.email}\n")
        self.assertEqual(self.credentials.stat().st_mode & 0o777, 0o600)
        self.fanion("flag", "list", expect=USAGE)
        self.sign_in()
        self.fanion("flag", "list")
        self.login()  # what was remembered stays
        kept = json.loads(self.credentials.read_text())
        self.assertEqual((kept["org"], kept["project"], kept["env"]), ("acme", "web", "development"))
        self.assertNotIn(PASSWORD, self.credentials.read_text())

    def test_everything_can_come_from_the_environment(self):
        self.fanion("login", "--password-stdin", stdin=PASSWORD.encode(), FANION_URL=self.stack.control.url,
                    FANION_EMAIL=self.stack.email, FANION_ORG="acme", FANION_PROJECT="web", FANION_ENV="staging")
        self.assertEqual(json.loads(self.credentials.read_text())["env"], "staging")

    def test_a_wrong_password_is_exit_code_4(self):
        self.assertIn("wrong", self.login(password="not the password", email="nobody@example.com", expect=UNAUTHORIZED))
        self.assertFalse(self.credentials.exists())

    def test_the_first_time_a_setup_token_sets_the_password(self):
        token = self.invite("new@example.com", "developer")
        short = self.login("--setup-token", token, "--json", email="new@example.com", password="short", expect=REFUSED)
        self.assertEqual(json.loads(short)["error"]["findings"][0]["pointer"], "/password")
        self.login("--setup-token", token, email="new@example.com")
        self.login("--setup-token", token, email="new@example.com", expect=UNAUTHORIZED)  # works once

    def test_an_ended_access_token_is_renewed(self):
        self.sign_in()
        kept = json.loads(self.credentials.read_text())
        self.credentials.write_text(json.dumps({**kept, "access_token": "stale"}))
        self.fanion("flag", "list")
        renewed = json.loads(self.credentials.read_text())
        self.assertNotIn(renewed["access_token"], ("stale", kept["access_token"]))
        self.assertNotEqual(renewed["refresh_token"], kept["refresh_token"])

    def test_several_at_once_renew_an_ended_access_token_once(self):
        self.sign_in()
        kept = json.loads(self.credentials.read_text())
        self.credentials.write_text(json.dumps({**kept, "access_token": "stale"}))
        threads = [threading.Thread(target=self.fanion, args=("flag", "list", "--env", "staging")) for _ in range(6)]
        failed = []
        threading.excepthook, before = lambda raised: failed.append(raised.exc_value), threading.excepthook
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        threading.excepthook = before
        self.assertEqual(failed, [])
        self.fanion("flag", "list")
        self.assertEqual(json.loads(self.credentials.read_text())["env"], "development")  # not that of the command that renewed

    def test_a_reset_by_the_operator_sets_a_new_password(self):
        token = self.invite("lost@example.com", "developer")
        self.login("--setup-token", token, email="lost@example.com")
        printed = self.stack.control_plane("reset-password", "--email", "lost@example.com")
        reset = printed.split("24 hours): ")[1].split()[0]
        self.login("--reset-token", reset, email="lost@example.com", password="another password of some length")
        self.login(email="lost@example.com", expect=UNAUTHORIZED)
        self.login(email="lost@example.com", password="another password of some length")

    def test_invitations_are_made_listed_and_withdrawn(self):
        self.sign_in()
        made = self.fanion("invitation", "create", "guest@example.com", "--role", "developer")
        self.assertTrue(made.startswith("setup token of guest@example.com, once and until 20"), made)
        lines = self.fanion("invitation", "list").splitlines()
        self.assertEqual(lines[0].split(), ["ID", "EMAIL", "ROLE", "EXPIRES"])
        of_guest = [line.split() for line in lines if "guest@example.com" in line]
        self.assertEqual([row[1:3] for row in of_guest], [["guest@example.com", "developer"]])
        self.assertEqual(self.fanion("invitation", "withdraw", of_guest[0][0]), f"withdrew {of_guest[0][0]}\n")
        self.assertNotIn("guest@example.com", self.fanion("invitation", "list", "--json"))
        self.login("--setup-token", made.split()[-1], email="guest@example.com", expect=UNAUTHORIZED)

    def test_roles_are_made_given_and_taken_away(self):
        self.sign_in()
        self.login("--setup-token", self.invite("rolf@example.com", "viewer"), email="rolf@example.com")
        self.sign_in()
        self.assertEqual(self.fanion("role", "create", "lead", "--permissions", "edit,read"), "lead: read edit\n")
        self.fanion("role", "create", "lead", "--permissions", "read", expect=REFUSED)
        self.assertEqual(self.fanion("role", "set", "lead", "--permissions", "read,archive"), "lead: read archive\n")
        self.assertEqual(self.json("role", "get", "lead")["permissions"], ["read", "archive"])
        self.assertIn(["lead", "own", "read", "archive"], [line.split() for line in self.fanion("role", "list").splitlines()])
        place = ("--project", self.stack.project, "--env", "production")
        self.fanion("member", "role", "rolf@example.com", "lead", *place)
        self.assertEqual([row["role"] for row in self.json("member", "list", *place)], ["lead"])
        self.assertIn("rolf@example.com has this role", self.fanion("role", "delete", "lead", expect=REFUSED))
        self.fanion("member", "unassign", "rolf@example.com", expect=USAGE)
        self.fanion("member", "role", "rolf@example.com", "lead", "--env", "production", expect=USAGE)
        self.fanion("member", "unassign", "rolf@example.com", *place)
        self.assertEqual(self.fanion("role", "delete", "lead"), "deleted lead\n")
        self.fanion("member", "role", "rolf@example.com", "developer")
        rolf = next(row for row in self.json("member", "list") if row["email"] == "rolf@example.com")
        self.assertEqual(rolf["role"], "developer")
        self.assertEqual(self.fanion("member", "remove", "rolf@example.com"), "removed rolf@example.com\n")
        mine = [line.split() for line in self.fanion("role", "mine").splitlines()]
        self.assertEqual(mine[0], ["PLACE", "ROLE", "PERMISSIONS"])
        self.assertEqual([row[1] for row in mine if row[0] == f"{self.stack.project}/production"], ["owner"])

    def test_the_operator_makes_an_owner(self):
        token = self.invite("olga@example.com", "viewer")
        self.login("--setup-token", token, email="olga@example.com")
        made = self.stack.control_plane("make-owner", "olga@example.com", "--org", self.stack.org)
        self.assertEqual(made, f"olga@example.com is an owner of {self.stack.org}\n")
        listed = self.json("member", "list", "--org", self.stack.org)
        self.assertEqual([row["role"] for row in listed if row["email"] == "olga@example.com"], ["owner"])
        printed = self.stack.control_plane("make-owner", "otto@example.com", "--org", self.stack.org)
        self.login("--setup-token", printed.split("24 hours): ")[1].split()[0], email="otto@example.com")

    def test_signing_out_ends_the_sign_in_at_the_server(self):
        self.sign_in()
        kept = self.credentials.read_text()
        self.assertEqual(self.fanion("logout"), f"signed out of {self.stack.control.url}\n")
        self.assertFalse(self.credentials.exists())
        self.credentials.write_text(kept)
        self.assertIn("sign in again", self.fanion("flag", "list", expect=UNAUTHORIZED))
        self.fanion("logout")  # what the server has ended already is signed out too

    def test_without_permission_is_exit_code_4(self):
        token = self.invite("viewer@example.com", "viewer")
        self.login("--setup-token", token, "--org", "acme", "--project", "web", email="viewer@example.com")
        self.fanion("flag", "list")
        self.assertIn("permission", self.fanion("flag", "create", "mine", expect=UNAUTHORIZED))


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
        self.assertEqual(lines[0].split(), ["KEY", "TYPE", "STATE", "NAME"])
        self.assertIn(["theme", "string", "active", "The", "theme"], [line.split() for line in lines])
        self.assertIn("theme", [flag["key"] for flag in self.json("flag", "list")])

    def test_numbers_keep_their_spelling(self):
        self.fanion("flag", "create", "limit", "--type", "number", "--variation", "a=1.0", "--variation", "b=9007199254740993")
        self.assertIn("\n  a = 1.0\n  b = 9007199254740993\n", self.fanion("flag", "get", "limit"))

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
