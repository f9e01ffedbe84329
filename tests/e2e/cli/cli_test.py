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

    def test_webhooks_are_made_changed_tested_and_deleted(self):
        self.sign_in()
        made = self.json("webhook", "create", "http://127.0.0.1:1/in", "--name", "ops", "--event", "flag.*", "--env", "production")
        self.assertTrue(made["secret"].startswith("whsec_"))
        self.assertEqual((made["events"], made["environments"]), (["flag.*"], ["production"]))
        hook = made["id"]
        self.assertEqual(self.fanion("webhook", "set", hook, "--all-envs", "--event", "segment.deleted"), f"changed {hook}\n")
        self.assertEqual(self.json("webhook", "get", hook)["environments"], [])
        self.assertIn("whsec_", self.fanion("webhook", "rotate", hook, "--overlap", "1"))
        row = self.fanion("webhook", "list").splitlines()[1].split()
        self.assertEqual(row, [hook, "ops", "generic", "enabled", "http://127.0.0.1:1/in"])
        queued = self.json("webhook", "test", hook)["id"]
        last = lambda: self.json("webhook", "deliveries", hook, "--state", "failed")  # noqa: E731
        wait_for(last, "the test message failed")  # the address is private
        self.assertIn("not delivered to", self.json("webhook", "delivery", hook, queued)["attempt_log"][0]["error"])
        self.assertIn("webhook.test", self.fanion("webhook", "deliveries", hook))
        self.assertTrue(self.fanion("webhook", "replay", hook, queued).startswith(f"queued {queued}"))
        self.assertEqual(self.fanion("webhook", "disable", hook), f"disabled {hook}\n")
        self.fanion("webhook", "test", hook, expect=REFUSED)
        self.assertEqual(self.fanion("webhook", "enable", hook), f"enabled {hook}\n")
        self.assertEqual(self.fanion("webhook", "delete", hook), f"deleted {hook}\n")
        self.fanion("webhook", "get", hook, expect=REFUSED)

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



class TokensAndSessions(CommandLine):
    def with_token(self, token, *arguments, **more):
        return self.fanion(*arguments, FANION_TOKEN=token.strip(), FANION_URL=self.stack.control.url, FANION_ORG="acme",
                           FANION_PROJECT="web", FANION_ENV="development", **more)

    def test_a_token_from_the_environment_needs_no_session(self):
        self.sign_in()
        reader = self.fanion("token", "create", "report", "--scope", "read")
        writer = self.fanion("token", "create", "deployments", "--service", "--role", "developer")
        self.assertRegex(reader, r"^fan_pat_\w{46}\n$")
        self.assertRegex(writer, r"^fan_svc_\w{46}\n$")
        self.fanion("logout")
        self.with_token(writer, "flag", "create", "by-pipeline")
        self.assertIn("by-pipeline", self.with_token(reader, "flag", "list"))
        self.with_token(reader, "flag", "create", "x", expect=UNAUTHORIZED)
        self.with_token("fan_pat_junk", "flag", "list", expect=UNAUTHORIZED)
        self.with_token(reader, "logout", expect=USAGE)
        self.assertIn("FANION_URL", self.fanion("flag", "list", FANION_TOKEN=reader.strip(), expect=USAGE))
        self.assertFalse(self.credentials.exists())

    def test_tokens_are_listed_rotated_and_revoked(self):
        self.sign_in()
        for kind in ([], ["--service", "--role", "viewer"]):
            service = kind[:1]
            made = json.loads(self.fanion("token", "create", "ci", "--scope", "read", "--expires", "never", "--json", *kind))
            self.assertIsNone(made["expires_at"])
            self.assertIn(made["id"], self.fanion("token", "list", *service))
            second = json.loads(self.fanion("token", "rotate", made["id"], "--overlap", "60", "--json", *service))
            self.assertEqual(second["replaces"], made["id"])
            self.assertEqual(self.fanion("token", "revoke", made["id"], *service), f"revoked {made['id']}\n")
            listed = {item["id"]: item for item in json.loads(self.fanion("token", "list", "--json", *service))}
            self.assertIsNotNone(listed[made["id"]]["revoked_at"])
            self.assertIsNone(listed[second["id"]]["revoked_at"])
            self.with_token(made["token"], "flag", "list", expect=UNAUTHORIZED)
            self.with_token(second["token"], "flag", "list")
        self.fanion("token", "create", "ci", "--role", "viewer", expect=USAGE)
        self.fanion("token", "create", "ci", "--scope", "fly", expect=REFUSED)

    def test_keys_are_listed_and_rotated(self):
        self.sign_in()
        for of, path in (("organisation", ""), ("project", "/projects/web"), ("environment", "/projects/web/environments/development")):
            made = self.stack.admin.call("POST", f"/orgs/acme{path}/keys", {"kind": "relay", "name": "eu"}).json
            self.assertIn(made["id"], self.fanion("key", "list", "--of", of))
            second = json.loads(self.fanion("key", "rotate", made["id"], "--of", of, "--overlap", "60", "--json"))
            self.assertEqual((second["replaces"], second["name"]), (made["id"], "eu"))
            self.assertRegex(self.fanion("key", "rotate", second["id"], "--of", of), r"^fan_rly_\w{46}\n$")
            self.fanion("key", "rotate", "nothing", "--of", of, expect=REFUSED)
        self.fanion("key", "list", "--of", "world", expect=USAGE)

    def test_sessions_are_listed_and_ended(self):
        self.sign_in()
        first = self.credentials.read_text()
        self.sign_in()
        listed = json.loads(self.fanion("session", "list", "--json"))
        self.assertEqual([item["current"] for item in listed].count(True), 1)
        self.assertIn("(this one)", self.fanion("session", "list"))
        self.fanion("session", "end", next(item["id"] for item in listed if not item["current"]))
        self.fanion("session", "end", "nothing", expect=REFUSED)
        self.fanion("session", "end-others")
        self.assertEqual(len(json.loads(self.fanion("session", "list", "--json"))), 1)
        self.credentials.write_text(first)
        self.fanion("session", "list", expect=UNAUTHORIZED)
        self.stack.admin.login(self.stack.email)


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
