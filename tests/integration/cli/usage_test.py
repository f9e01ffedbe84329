"""Help, wrong usage (exit code 2, as JSON with --json), and the exit codes that need no server (docs/cli.md)."""
import json
import os
import socket
import unittest

from command import DONE, REFUSED, UNAUTHORIZED, UNREACHABLE, USAGE, CommandTest
from commands_table import COMMANDS
from plain_rulesets import GOOD


def closed_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Help(CommandTest):
    def test_every_command_has_help_and_is_in_the_table(self):
        found, seen = [()], []
        while found:
            command = found.pop()
            seen.append(command)
            done = self.expect(DONE, *command, "--help")
            self.assertEqual(done.stderr, b"")
            text = done.stdout.decode()
            for word in COMMANDS.get(command, []):
                self.assertIn(word, text, command)
            if "Subcommands:" in text:
                lines = text.split("Subcommands:\n")[1].splitlines()
                found += [(*command, line.split()[0]) for line in lines if line.startswith("  ") and line[2] != " "]
        self.assertEqual(sorted(seen), sorted(COMMANDS))

    def test_the_short_spelling_is_the_same(self):
        for command in ((), ("flag",), ("flag", "rule", "add"), ("vectors",)):
            self.assertEqual(self.expect(DONE, *command, "-h").stdout, self.expect(DONE, *command, "--help").stdout)

    def test_the_version(self):
        self.assertRegex(self.expect(DONE, "--version").stdout.decode(), r"^fanion \d+\.\d+\.\d+\n$")


class WrongUsage(CommandTest):
    cases = [
        [], ["wave"], ["flag"], ["flag", "wave"], ["ruleset"], ["trust"], ["eval"], ["eval", "basic"], ["login"],
        ["login", "--url", "http://127.0.0.1:1"], ["flag", "get"], ["flag", "create"], ["ruleset", "verify", "good.json"],
        ["ruleset", "verify"], ["eval", "basic", "{}", "more", "--ruleset", "good.json"], ["eval", "--wave"],
        ["eval", "basic", "--ruleset", "good.json", "--now", "later"],
        ["eval", "basic", "--ruleset", "good.json", "--now", "99999999999999999999"],
        ["eval", "basic", "--ruleset", "good.json", "--relay", "http://127.0.0.1:1", "--key", "k"],
        ["eval", "basic", "--relay", "http://127.0.0.1:1"], ["eval", "--relay", "http://127.0.0.1:1", "--key", "k"],
        ["eval", "basic", "{bad}", "--relay", "http://127.0.0.1:1", "--key", "k"],
        ["eval", "basic", "--relay", "no-address", "--key", "k"],
        ["eval", "basic", "--relay", "http://127.0.0.1:1", "--key", "k", "--now", "0"],
        ["eval", "basic", "--relay", "http://127.0.0.1:1", "--key", "k", "--trust", "good.json"],
        ["bundle", "export", "--from", "cache", "--env", "production", "--trust", "trust.json", "--output", "bundle"],
        ["flag", "set", "f"], ["flag", "set", "f", "--split", "on"], ["flag", "set", "f", "--split", "on=40,off=50"],
        ["flag", "set", "f", "--split", "on=60,off=50"], ["flag", "set", "f", "--split", "on=0.0001,off=99.9999"],
        ["flag", "set", "f", "--split", "on=x"], ["flag", "set", "f", "--split", "on=nan"],
        ["flag", "set", "f", "--fallthrough", "on", "--split", "on=100"],
        ["flag", "set", "f", "--patch", "{}", "--off", "none"], ["flag", "set", "f", "--patch", "@missing"],
        ["flag", "rule"], ["flag", "rule", "add", "f"], ["flag", "rule", "add", "f", "--when", "a is 1"],
        ["flag", "rule", "add", "f", "--when", "a is 1", "--serve", "on", "--split", "on=1"],
        ["flag", "rule", "add", "f", "--when", "a is 1", "--serve", "on", "--otherwise", "off"],
        ["flag", "rule", "add", "f", "--when", "a is 1", "--serve", "on", "--before", "r1", "--at", "0"],
        ["flag", "rule", "add", "f", "--when", "a is 1", "--serve", "on", "--at", "first"],
        ["flag", "rule", "add", "f", "--when", "a is 1", "--split", "on=101"],
        ["flag", "rule", "move", "f", "r1"], ["flag", "rule", "remove", "f"], ["flag", "target", "add", "f", "on"],
        ["flag", "weights", "f"], ["flag", "weights", "f", "on"],
        ["plan"], ["apply"], ["plan", "missing.yaml"], ["plan", "good.json", "--annotations", "gitlab"], ["export", "--format", "xml"],
        ["environment"], ["environment", "promote", "a"], ["environment", "rollback"], ["search"], ["bulk"], ["bulk", "@missing"],
        ["flag", "clone", "f"], ["segment", "clone", "s"], ["segment", "uploads", "delete"], ["flag", "patch", "f"], ["flag", "patch", "f", "{}", "--form", "xml"], ["profile"], ["profile", "add", "p"],
        ["profile", "add", "no good", "--url", "http://127.0.0.1:1"], ["completion", "tcsh"], ["flag", "list", "--profile", "../up"],
        ["flag", "on", "f", "--request", "r", "--dry-run"], ["flag", "on", "f", "--request", "r", "--yes"], ["segment", "set", "s"], ["segment", "set", "s", "--owner", "a", "--no-owner"], ["segment", "set", "s", "--tag", "a", "--no-tags"],
        ["segment", "set", "s", "--comment", "why"], ["role", "set", "r"], ["environment", "set", "e"], ["project", "set", "p"], ["org", "set", "o"],
        ["webhook", "set", "w"], ["token", "create", "t", "--comment", "why"], ["token", "revoke", "t", "--comment", "why"],
        ["request", "approve"], ["request", "approve", "r", "--digest", "d", "--yes"],
        ["flag", "create", "f", "--variation", "on"], ["flag", "create", "f", "--variation", "on={bad"],
    ]

    def test_is_exit_code_2_and_reported_on_standard_error(self):
        self.file("good.json", GOOD)
        for arguments in self.cases:
            done = self.expect(USAGE, *arguments)
            self.assertEqual(done.stdout, b"", arguments)
            self.assertTrue(done.stderr, arguments)

    def test_is_json_with_json(self):
        self.file("good.json", GOOD)
        for arguments in self.cases:
            done = self.expect(USAGE, "--json", *arguments)
            self.assertEqual(done.stdout, b"", arguments)
            error = json.loads(done.stderr)["error"]
            self.assertEqual(list(error), ["detail", "findings"])
            self.assertTrue(error["detail"], arguments)

    def test_an_empty_argument_selects_nothing(self):
        for arguments, named in (
                (["audit", "list", "--resource", ""], "--resource"), (["audit", "export", "--project", ""], "--project"),
                (["audit", "list", "--org", ""], "--org"), (["flag", "list", "--env", ""], "--env"), (["flag", "get", ""], "flag"),
                (["session", "end", ""], "id"), (["member", "remove", ""], "member"), (["webhook", "create", "http://h", "--event", ""], "--event"),
                (["token", "create", ""], "name"), (["eval", "f", "{}", "--ruleset", ""], "--ruleset"), (["trust", "init", "--dir", "", "--iss", "i"], "--dir"),
                (["flag", "rule", "add", "f", "--when", "a is 1", "--serve", ""], "--serve"), (["ruleset", "verify", "", "--trust", "t"], "file")):
            said = self.expect(USAGE, *arguments).stderr.decode()
            self.assertIn(f"{named} must not be empty", said, arguments)
            self.assertIn("must not be empty", json.loads(self.expect(USAGE, "--json", *arguments).stderr)["error"]["detail"])
        # What people write for each other may be empty, and a value of an attribute; so may what a script leaves to the defaults.
        for arguments in (["flag", "on", "f", "--comment", ""], ["role", "set", "r", "--name", "", "--description", ""],
                          ["flag", "target", "add", "f", "on", ""]):
            self.expect(UNAUTHORIZED, *arguments)
        self.expect(UNAUTHORIZED, "flag", "list", env={"FANION_ORG": "", "FANION_PROJECT": ""})

    def test_an_unknown_or_missing_command_is_named_with_those_that_there_are(self):
        for arguments, said in (([], "fanion needs a command: login, "), (["wave"], 'fanion has no command "wave"; its commands are login, '),
                                (["--wave"], 'fanion has no option "--wave"'), (["flag"], "fanion flag needs a command: list, stale, get, "),
                                (["flag", "wave"], 'fanion flag has no command "wave"; its commands are list, stale, get, '),
                                (["rule", "wave"], 'fanion rule has no command "wave"; its commands are parse, print')):
            self.assertIn(said, self.expect(USAGE, *arguments).stderr.decode())
            self.assertIn(said, json.loads(self.expect(USAGE, "--json", *arguments).stderr)["error"]["detail"])

    def test_json_may_stand_anywhere(self):
        self.file("good.json", GOOD)
        for arguments in (["--json", "eval", "nope", "--ruleset", "missing"], ["eval", "--json", "nope", "--ruleset", "missing"],
                          ["ruleset", "verify", "missing", "--trust", "missing", "--json"],
                          ["ruleset", "--json", "verify", "missing", "--trust", "missing"]):
            self.assertIn("cannot be read", json.loads(self.expect(USAGE, *arguments).stderr)["error"]["detail"])


class ExitCodes(CommandTest):
    def test_not_signed_in_is_4(self):
        for arguments in (["flag", "list"], ["flag", "get", "f"], ["flag", "create", "f"], ["flag", "on", "f"],
                          ["flag", "off", "f"], ["flag", "set", "f", "--off", "none"], ["logout"], ["search", "x"], ["export"],
                          ["environment", "compare", "a", "b"], ["propagation"], ["attributes"], ["bulk", "{}"], ["request", "approve", "r"],
                          ["request", "approve", "r", "--yes"]):
            self.assertIn(b"fanion login", self.expect(UNAUTHORIZED, *arguments).stderr)

    def test_no_response_is_3(self):
        url = f"http://127.0.0.1:{closed_port()}"
        for done in (self.expect(UNREACHABLE, "eval", "f", "--relay", url, "--key", "k"),
                     self.expect(UNREACHABLE, "login", "--url", url, "--email", "a@example.com", "--password-stdin", stdin=b"secret\n")):
            self.assertIn(url, done.stderr.decode())

    def signed_in(self, **members):
        folder = self.dir / "config" / "fanion"
        folder.mkdir(parents=True, exist_ok=True)
        known = {"url": f"http://127.0.0.1:{closed_port()}", "email": "a@example.com", "access_token": "a", "refresh_token": "r"}
        (folder / "credentials.json").write_text(json.dumps({**known, **members}))

    def test_a_missing_project_or_environment_is_2(self):
        self.signed_in()
        self.assertIn(b"--org", self.expect(USAGE, "flag", "list").stderr)
        self.assertIn(b"--project", self.expect(USAGE, "flag", "list", "--org", "acme").stderr)
        self.assertIn(b"--env", self.expect(USAGE, "flag", "on", "f", "--org", "acme", "--project", "web").stderr)
        self.expect(UNREACHABLE, "flag", "list", env={"FANION_ORG": "acme", "FANION_PROJECT": "web"})

    def test_a_session_elsewhere_than_fanion_url_is_4(self):
        self.signed_in(url="http://127.0.0.1:1")
        for url, code in (("http://127.0.0.1:1/", UNREACHABLE), ("", UNREACHABLE), ("http://staging.example", UNAUTHORIZED)):
            done = self.expect(code, "flag", "list", "--org", "acme", "--project", "web", env={"FANION_URL": url})
        self.assertIn(b"FANION_URL is http://staging.example", done.stderr)
        self.expect(UNAUTHORIZED, "logout", env={"FANION_URL": "http://staging.example"})

    def test_damaged_credentials_are_2(self):
        self.signed_in(url=7)
        self.assertIn(b"sign in again", self.expect(USAGE, "flag", "list").stderr)

    def test_output_that_cannot_be_written_is_2(self):
        self.file("good.json", GOOD)
        with open("/dev/full", "wb") as full:
            done = self.run_fanion("eval", "basic", "--ruleset", "good.json", stdout=full)
        self.assertEqual((done.returncode, done.stderr), (USAGE, b"fanion: standard output cannot be written\n"))

    def test_signing_out_deletes_the_tokens_even_if_the_server_is_unreachable(self):
        self.signed_in()
        self.expect(UNREACHABLE, "logout")
        self.assertFalse(os.path.exists(self.dir / "config/fanion/credentials.json"))
        self.expect(UNAUTHORIZED, "logout")

    def test_a_negative_result_is_1(self):
        self.file("good.json", GOOD)
        self.expect(REFUSED, "eval", "nope", "--ruleset", "good.json")


if __name__ == "__main__":
    unittest.main()
