"""Signing in, people and their roles, tokens, keys and sessions."""
import json
import os
import pathlib
import subprocess
import sys
import threading
import unittest
from unittest import mock

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from cli.command_line import CommandLine, DONE, REFUSED, UNAUTHORIZED, USAGE  # noqa: E402
from support.authenticator import code_of  # noqa: E402
from support.processes import wait_for  # noqa: E402
from support.stack import BIN, PASSWORD  # noqa: E402


class SigningIn(CommandLine):
    @classmethod
    def setUpClass(cls):
        with mock.patch.dict(os.environ, {"FANION_WEBHOOK_ALLOW_NETWORKS": "127.0.0.1"}):
            super().setUpClass()

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

    def enable_second_factor(self):
        """Types the code of the secret that the command shows. The recovery codes."""
        command = subprocess.Popen([str(BIN.resolve() / "fanion"), "second-factor", "enable", "--stdin"], cwd=self.home, text=True,
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   env={**os.environ, "XDG_CONFIG_HOME": str(self.home)})
        command.stdin.write(PASSWORD + "\n")
        command.stdin.flush()
        shown = next(line for line in command.stderr if line.startswith("  secret"))
        codes, errors = command.communicate(code_of(shown.split()[1]) + "\n", timeout=60)
        self.assertEqual(command.returncode, DONE, errors)
        return codes.split()

    def test_a_second_factor_is_set_up_asked_for_and_removed(self):
        email = "two@example.com"
        self.login("--setup-token", self.invite(email, "viewer"), email=email)
        self.assertEqual(self.fanion("second-factor", "show"), "you sign in with the password alone\n")
        codes = self.enable_second_factor()
        self.assertEqual(len(codes), 10)
        self.assertEqual(self.fanion("second-factor", "show"), "you sign in with a second factor; recovery codes left: 10\n")
        self.login(email=email, expect=UNAUTHORIZED)
        self.login(email=email, password=f"{PASSWORD}\n{codes[0]}")
        self.login(email=email, password=f"{PASSWORD}\n{codes[0]}", expect=UNAUTHORIZED)  # used
        fresh = self.fanion("second-factor", "recovery-codes", "--stdin", stdin=codes[1].encode()).split()
        self.assertEqual(len(fresh), 10)
        self.fanion("second-factor", "disable", "--stdin", stdin=codes[2].encode(), expect=REFUSED)
        self.fanion("second-factor", "disable", "--stdin", stdin=fresh[0].encode())
        self.login(email=email)
        self.enable_second_factor()
        self.assertIn("has no second factor any more", self.stack.control_plane("remove-second-factor", email))
        self.login(email=email)

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

    def test_places_are_made_changed_deleted_and_restored(self):
        self.sign_in()
        self.assertEqual(self.fanion("org", "set", self.stack.org, "--name", "Ours"), f"{self.stack.org}: Ours\n")
        self.assertIn(f"{self.stack.org}  Ours\n", self.fanion("org", "list"))
        self.assertEqual(self.fanion("project", "create", "shelf", "--name", "Shelf"), "shelf: Shelf\n")
        self.assertEqual(self.json("project", "set", "shelf", "--description", "d")["description"], "d")
        inside = ("--project", "shelf")
        made = self.json("environment", "create", "qa", "--copy-of", "staging", "--order", "0", "--colour", "#3b82f6", *inside)
        self.assertEqual([made["order"], made["colour"], made["protected"]], [0, "#3b82f6", False])
        self.assertEqual(self.fanion("environment", "set", "production", "--name", "Live", *inside), "production: Live\n")
        listed = [line.split() for line in self.fanion("environment", "list", *inside).splitlines()]
        self.assertEqual([row[0] for row in listed], ["KEY", "development", "qa", "staging", "production"])
        self.fanion("environment", "delete", "qa", *inside, expect=USAGE)
        self.fanion("environment", "delete", "qa", "--confirm", "qb", *inside, expect=REFUSED)
        self.fanion("environment", "delete", "production", "--confirm", "production", *inside)
        self.assertEqual([row["key"] for row in self.json("environment", "list", "--deleted", *inside)], ["production"])
        self.assertEqual(self.fanion("environment", "restore", "production", *inside), "production: Live\n")
        self.assertEqual(self.fanion("project", "delete", "shelf", "--confirm", "shelf"),
                         "deleted shelf, which can be restored for seven days\n")
        self.assertIn("shelf", self.fanion("project", "list", "--deleted"))
        self.assertEqual(self.fanion("project", "restore", "shelf"), "shelf: Shelf\n")
        self.fanion("org", "create", "spare")
        self.fanion("org", "delete", "spare", "--confirm", "spare")
        self.assertEqual([row["key"] for row in self.json("org", "list", "--deleted")], ["spare"])
        self.assertEqual(self.fanion("org", "restore", "spare"), "spare: spare\n")

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
        wait_for(last, "the test message failed")  # nobody listens there
        self.assertIn("Connection refused", self.json("webhook", "delivery", hook, queued)["attempt_log"][0]["error"])
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

    def test_lists_longer_than_a_page_are_whole(self):
        self.sign_in()
        made = {self.stack.admin.call("POST", "/orgs/acme/keys", {"kind": "relay", "name": "r"}).json["id"] for _ in range(201)}
        listed = {key["id"] for key in self.json("key", "list", "--of", "organisation")}
        self.assertLessEqual(made, listed)

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


if __name__ == "__main__":
    unittest.main()
