"""Help, wrong usage (exit code 2, as JSON with --json), and the exit codes that need no server (docs/cli.md)."""
import json
import os
import socket
import unittest

from command import DONE, REFUSED, UNAUTHORIZED, UNREACHABLE, USAGE, CommandTest
from plain_rulesets import GOOD

# Every command, with options that its help must list.
COMMANDS = {
    (): ["login", "logout", "flag", "eval", "ruleset", "trust", "--json", "--profile", "--version", "Exit codes"],
    ("login",): ["--url", "--email", "--password-stdin", "--setup-token", "--reset-token", "--org", "--project", "--env", "FANION_URL"],
    ("logout",): ["--help"],
    ("flag",): ["list", "stale", "get", "create", "on", "off", "set", "rule", "target", "weights", "--org", "--project", "--env", "FANION_PROJECT"],
    ("flag", "list"): ["--search", "--tag", "--type", "--lifetime", "--state", "--enabled", "--evaluated", "--evaluated-after",
                       "--evaluated-before", "--sort", "--owner"],
    ("flag", "stale"): ["--reason", "--owner", "--unowned"],
    ("stats",): ["flag", "--from", "--to", "--step", "--by", "--org", "--project", "--env", "FANION_ENV"],
    ("flag", "get"): ["flag"],
    ("flag", "create"): ["--type", "--name", "--description", "--owner", "--lifetime", "--variation", "--client", "--strict"],
    ("flag", "on"): ["flag", "--yes", "--strict"],
    ("flag", "off"): ["flag", "--yes", "--strict"],
    ("flag", "set"): ["--fallthrough", "--split", "--off", "--patch", "--yes", "--strict", "--dry-run", "--comment"],
    ("flag", "rule"): ["add", "remove", "move"],
    ("flag", "rule", "add"): ["--when", "--serve", "--split", "--otherwise", "--id", "--before", "--after", "--at", "--dry-run"],
    ("flag", "rule", "remove"): ["rule", "--yes", "--strict", "--dry-run", "--comment"],
    ("flag", "rule", "move"): ["rule", "--before", "--after", "--at", "--dry-run"],
    ("flag", "target"): ["add", "remove"],
    ("flag", "target", "add"): ["variation", "values", "--attribute", "--dry-run"],
    ("flag", "target", "remove"): ["variation", "values", "--attribute", "--dry-run"],
    ("flag", "weights"): ["weights", "--rule", "--otherwise", "--dry-run"],
    ("org",): ["list", "get", "create", "set", "delete", "restore"],
    ("org", "list"): ["--deleted"],
    ("org", "get"): ["key"],
    ("org", "create"): ["key", "--name"],
    ("org", "set"): ["key", "--name"],
    ("org", "delete"): ["key", "--confirm"],
    ("org", "restore"): ["key"],
    ("project",): ["list", "get", "create", "set", "delete", "restore", "--org", "FANION_ORG"],
    ("project", "list"): ["--deleted"],
    ("project", "get"): ["key"],
    ("project", "create"): ["key", "--name", "--description"],
    ("project", "set"): ["key", "--name", "--description"],
    ("project", "delete"): ["key", "--confirm"],
    ("project", "restore"): ["key"],
    ("environment",): ["list", "get", "create", "set", "delete", "restore", "compare", "promote", "rollback", "history", "approvals", "--org", "FANION_ORG", "--project", "FANION_PROJECT"],
    ("environment", "list"): ["--deleted"],
    ("environment", "get"): ["key"],
    ("environment", "create"): ["key", "--name", "--description", "--protected", "--order", "--colour", "--confirmation",
                                "--comment-required", "--copy-of"],
    ("environment", "set"): ["key", "--name", "--description", "--protected", "--order", "--colour", "--confirmation", "--comment-required"],
    ("environment", "delete"): ["key", "--confirm"],
    ("environment", "restore"): ["key"],
    ("segment",): ["list", "get", "create", "set", "archive", "restore", "clone", "delete", "members", "uploads", "--org", "--project", "--env"],
    ("segment", "list"): ["--search", "--tag", "--owner", "--unowned", "--state", "--sort"],
    ("segment", "get"): ["segment"],
    ("segment", "create"): ["segment", "--name", "--description", "--owner", "--tag", "--comment"],
    ("segment", "set"): ["segment", "--name", "--description", "--owner", "--tag", "--comment"],
    ("segment", "archive"): ["segment", "--yes", "--dry-run", "--comment"],
    ("segment", "restore"): ["segment", "--yes", "--dry-run", "--comment"],
    ("segment", "clone"): ["segment", "key", "--name", "--from-env", "--dry-run", "--comment"],
    ("segment", "uploads"): ["list", "delete"],
    ("segment", "uploads", "list"): ["--help"],
    ("segment", "uploads", "delete"): ["upload"],
    ("segment", "delete"): ["segment", "--yes", "--comment"],
    ("segment", "members"): ["list", "add", "remove", "replace"],
    ("segment", "members", "list"): ["segment", "--list", "--attribute", "--prefix"],
    ("segment", "members", "add"): ["segment", "values", "--file", "--format", "--column", "--dry-run", "--yes"],
    ("segment", "members", "remove"): ["segment", "values", "--file", "--format", "--column", "--dry-run", "--yes"],
    ("segment", "members", "replace"): ["segment", "file", "--list", "--attribute", "--strict", "--comment"],
    ("flag", "delete"): ["flag", "--yes", "--dry-run", "--comment"],
    ("flag", "archive"): ["flag", "--yes", "--dry-run", "--comment"],
    ("flag", "restore"): ["flag", "--yes", "--dry-run", "--comment"],
    ("flag", "clone"): ["flag", "key", "--name", "--salt", "--from-env", "--dry-run"],
    ("flag", "patch"): ["flag", "body", "--form", "--dry-run"],
    ("flag", "uses"): ["flag", "--variation"],
    ("flag", "explain"): ["flag", "context", "--at", "--version"],
    ("segment", "uses"): ["segment"],
    ("environment", "compare"): ["from", "to", "--flag", "--segment", "--org", "--project"],
    ("environment", "promote"): ["from", "to", "--flag", "--all", "--take-along", "--part", "--from-version", "--dry-run", "--yes"],
    ("environment", "rollback"): ["version", "--env", "--flag", "--dry-run", "--yes", "--comment"],
    ("environment", "history"): ["--env", "--flag", "--limit"],
    ("environment", "approvals"): ["environment", "required", "--org", "--project"],
    ("propagation",): ["--env", "--version", "--wait"],
    ("attributes",): ["prefix", "--project", "--env"],
    ("search",): ["text", "--project"],
    ("bulk",): ["body", "--dry-run", "--comment"],
    ("export",): ["--project", "--env", "--environment", "--format", "--output"],
    ("plan",): ["file", "--env", "--annotations", "--delete"],
    ("apply",): ["file", "--env", "--delete", "--yes", "--comment"],
    ("profile",): ["list", "use", "add", "remove"],
    ("profile", "list"): ["--help"],
    ("profile", "use"): ["name"],
    ("profile", "add"): ["name", "--url", "--email", "--org", "--project", "--env"],
    ("profile", "remove"): ["name"],
    ("completion",): ["shell", "bash, zsh or fish"],
    ("invitation",): ["list", "create", "withdraw", "--org", "FANION_ORG"],
    ("invitation", "list"): ["--help"],
    ("invitation", "create"): ["email", "--role", "--name"],
    ("invitation", "withdraw"): ["id"],
    ("member",): ["list", "role", "unassign", "remove", "--org", "FANION_ORG"],
    ("member", "list"): ["--project", "--env"],
    ("member", "role"): ["member", "role", "--project", "--env"],
    ("member", "unassign"): ["member", "--project", "--env"],
    ("member", "remove"): ["member"],
    ("role",): ["list", "mine", "get", "create", "set", "delete", "--org", "FANION_ORG"],
    ("group",): ["list", "--org", "FANION_ORG"],
    ("group", "list"): ["--help"],
    ("group-roles",): ["show", "set", "--org", "FANION_ORG"],
    ("group-roles", "show"): ["--help"],
    ("group-roles", "set"): ["file"],
    ("role", "list"): ["--help"],
    ("role", "mine"): ["--help"],
    ("role", "get"): ["key"],
    ("role", "create"): ["key", "--permissions", "--name", "--description"],
    ("role", "set"): ["key", "--permissions", "--name", "--description"],
    ("role", "delete"): ["key"],
    ("request",): ["list", "create", "get", "approve", "decline", "withdraw", "comment", "comments", "set", "submit", "apply", "bypass", "--env"],
    ("request", "list"): ["--state"],
    ("request", "create"): ["changes", "--title", "--description", "--reviewer", "--draft", "--revert"],
    ("request", "get"): ["id", "--preview"],
    ("request", "approve"): ["id", "--digest", "--comment"],
    ("request", "decline"): ["id", "--reason"],
    ("request", "withdraw"): ["id", "--reason"],
    ("request", "comment"): ["id", "text"],
    ("request", "comments"): ["id"],
    ("request", "set"): ["id", "--title", "--description", "--reviewer", "--changes"],
    ("request", "submit"): ["id"],
    ("request", "apply"): ["id", "--at"],
    ("request", "bypass"): ["id", "--reason"],
    ("schedule",): ["list", "create", "get", "set", "pause", "resume", "cancel", "--env"],
    ("schedule", "list"): ["--state"],
    ("schedule", "create"): ["change", "--name", "--at", "--every", "--time", "--weekday", "--day"],
    ("schedule", "get"): ["id"],
    ("schedule", "set"): ["id", "--name", "--at", "--every", "--time", "--weekday", "--day"],
    ("schedule", "pause"): ["id"],
    ("schedule", "resume"): ["id"],
    ("schedule", "cancel"): ["id"],
    ("rollout",): ["list", "get", "start", "change", "pause", "resume", "cancel", "approve", "--org", "--project", "--env", "FANION_ENV"],
    ("rollout", "list"): ["--flag", "--state"],
    ("rollout", "get"): ["id"],
    ("rollout", "start"): ["plan", "--dry-run", "--comment"],
    ("rollout", "change"): ["id", "plan", "--dry-run", "--comment"],
    ("rollout", "pause"): ["id", "--comment"],
    ("rollout", "resume"): ["id", "--comment"],
    ("rollout", "cancel"): ["id", "--comment"],
    ("rollout", "approve"): ["id", "--comment"],
    ("rollout-policy",): ["list", "get", "set", "delete", "--org", "--project", "FANION_PROJECT"],
    ("rollout-policy", "list"): ["--help"],
    ("rollout-policy", "get"): ["key"],
    ("rollout-policy", "set"): ["key", "body", "--comment"],
    ("rollout-policy", "delete"): ["key", "--comment"],
    ("view",): ["list", "get", "create", "set", "delete", "--org", "--project", "FANION_PROJECT"],
    ("view", "list"): ["--help"],
    ("view", "get"): ["id"],
    ("view", "create"): ["body", "--comment"],
    ("view", "set"): ["id", "body", "--comment"],
    ("view", "delete"): ["id", "--comment"],
    ("context",): ["list", "get", "create", "set", "delete", "--org", "--project", "FANION_PROJECT"],
    ("context", "list"): ["--help"],
    ("context", "get"): ["id"],
    ("context", "create"): ["body", "--comment"],
    ("context", "set"): ["id", "body", "--comment"],
    ("context", "delete"): ["id", "--comment"],
    ("relay",): ["list", "--org", "FANION_ORG"],
    ("relay", "list"): ["--help"],
    ("webhook",): ["list", "create", "set", "test", "deliveries", "replay", "rotate", "--org", "FANION_ORG"],
    ("webhook", "list"): ["--help"],
    ("webhook", "create"): ["url", "--name", "--template", "--event", "--project", "--env"],
    ("webhook", "set"): ["id", "--url", "--all-events", "--all-projects", "--all-envs"],
    ("webhook", "get"): ["id"],
    ("webhook", "enable"): ["id"],
    ("webhook", "disable"): ["id"],
    ("webhook", "delete"): ["id"],
    ("webhook", "test"): ["id"],
    ("webhook", "rotate"): ["id", "--overlap"],
    ("webhook", "deliveries"): ["id", "--state"],
    ("webhook", "delivery"): ["id", "delivery"],
    ("webhook", "replay"): ["id", "delivery"],
    ("audit",): ["list", "export", "verify", "tail", "revert"],
    ("audit", "list"): ["--actor", "--project", "--env", "--from"],
    ("audit", "export"): ["--output", "--format"],
    ("audit", "verify"): ["file", "--ruleset", "--trust"],
    ("audit", "tail"): ["--since", "--count"],
    ("audit", "revert"): ["id", "--dry-run"],
    ("usage",): ["--org", "FANION_ORG"],
    ("key",): ["list", "create", "rotate", "revoke"],
    ("key", "list"): ["--help"],
    ("key", "create"): ["kind", "--name", "--origin", "--expires"],
    ("key", "rotate"): ["id"],
    ("key", "revoke"): ["id"],
    ("prometheus",): ["list", "set", "delete", "--org", "FANION_ORG"],
    ("prometheus", "list"): ["--help"],
    ("prometheus", "set"): ["key", "--url", "--token", "FANION_PROMETHEUS_TOKEN"],
    ("prometheus", "delete"): ["key"],
    ("identity-provider",): ["--org", "list", "show", "create", "update", "delete"],
    ("identity-provider", "list"): ["--help"],
    ("identity-provider", "show"): ["key"],
    ("identity-provider", "create"): ["key", "--issuer", "--client-id", "--name", "--groups-claim", "--scopes", "--domains",
                                      "--adds-members", "--client-secret-stdin"],
    ("identity-provider", "update"): ["key", "--issuer", "--client-id", "--name", "--groups-claim", "--scopes", "--domains",
                                      "--adds-members", "--client-secret-stdin", "--no-client-secret", "--enabled"],
    ("identity-provider", "delete"): ["key"],
    ("second-factor",): ["enable", "disable", "recovery-codes", "--stdin"],
    ("second-factor", "enable"): ["--help"],
    ("second-factor", "disable"): ["--help"],
    ("second-factor", "recovery-codes"): ["--help"],
    ("session",): ["list", "end", "end-others"],
    ("session", "list"): ["--help"],
    ("session", "end"): ["id"],
    ("session", "end-others"): ["--help"],
    ("token",): ["list", "create", "rotate", "revoke"],
    ("token", "list"): ["--help"],
    ("token", "create"): ["name"],
    ("token", "rotate"): ["id"],
    ("token", "revoke"): ["id"],
    ("check",): ["--trust", "--strict", "file"],
    ("flag", "evaluations"): ["flag"],
    ("segment", "patch"): ["segment", "body", "--form", "--strict", "--dry-run", "--comment", "--yes"],
    ("audit", "get"): ["id"],
    ("audit", "retention"): ["days", "--comment"],
    ("sign-in",): ["--comment", "--second-factor", "--org"],
    ("lifecycle",): ["--comment", "--project", "--unused-days", "--constant-days", "--lifetime", "--org"],
    ("whoami",): ["--help"],
    ("ruleset", "get"): ["--org", "--project", "--env", "--version", "--plain", "--output"],
    ("eval",): ["--explain", "--relay", "--key", "--ruleset", "--trust", "--now", "standard input", "FANION_RELAY", "FANION_KEY"],
    ("rule",): ["parse", "print"],
    ("rule", "parse"): ["text"],
    ("rule", "print"): ["tree"],
    ("ruleset",): ["get", "verify"],
    ("ruleset", "verify"): ["--trust", "file"],
    ("trust",): ["init"],
    ("trust", "init"): ["--dir", "--iss"],
    ("vectors",): ["file"],
}


def closed_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Help(CommandTest):
    def test_every_command_has_help_and_is_in_the_table_above(self):
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
                          ["environment", "compare", "a", "b"], ["propagation"], ["attributes"], ["bulk", "{}"]):
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
