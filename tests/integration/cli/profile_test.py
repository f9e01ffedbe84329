"""Profiles and completion, which need no server."""
import json
import os
import shutil
import subprocess
import unittest

from command import DONE, REFUSED, UNAUTHORIZED, CommandTest


class Profiles(CommandTest):
    def setUp(self):
        super().setUp()
        self.folder = self.dir / "config" / "fanion"

    def names(self):
        return [(profile["name"], profile["current"]) for profile in json.loads(self.expect(DONE, "profile", "list", "--json").stdout)]

    def test_they_are_added_chosen_and_removed(self):
        self.assertEqual(self.names(), [])
        self.expect(DONE, "profile", "add", "staging", "--url", "https://staging.example", "--org", "acme", "--project", "web")
        self.expect(DONE, "profile", "add", "live", "--url", "https://live.example", "--email", "ada@example.com")
        self.assertEqual(oct((self.folder / "profiles" / "live.json").stat().st_mode & 0o777), "0o600")
        self.expect(REFUSED, "profile", "add", "live", "--url", "https://other.example")
        self.assertEqual(self.names(), [("live", False), ("staging", False)])
        self.expect(DONE, "profile", "use", "staging")
        self.assertEqual(self.names(), [("live", False), ("staging", True)])
        self.assertIn(b"*  staging  https://staging.example  (not signed in)  acme  web", self.expect(DONE, "profile", "list").stdout)
        self.expect(REFUSED, "profile", "use", "nowhere")
        self.expect(DONE, "profile", "remove", "staging")
        self.expect(REFUSED, "profile", "remove", "staging")
        self.assertEqual(self.names(), [("live", False)])

    def test_commands_act_with_the_one_that_is_named(self):
        self.expect(DONE, "profile", "add", "live", "--url", "https://live.example")
        self.assertIn(b"not signed in", self.expect(UNAUTHORIZED, "flag", "list", "--profile", "live").stderr)
        self.assertIn(b"no profile `dead`", self.expect(UNAUTHORIZED, "--profile", "dead", "flag", "list").stderr)
        self.expect(DONE, "profile", "use", "live")
        self.assertIn(b"this profile is not signed in", self.expect(UNAUTHORIZED, "flag", "list").stderr)
        self.assertIn(b"not signed in; sign in", self.expect(UNAUTHORIZED, "flag", "list", "--profile", "default").stderr)

    def test_a_profile_that_is_signed_in_is_not_removed(self):
        self.expect(DONE, "profile", "add", "live", "--url", "https://live.example")
        path = self.folder / "profiles" / "live.json"
        path.write_text(json.dumps({**json.loads(path.read_text()), "access_token": "a", "refresh_token": "r"}))
        self.assertIn(b"sign out first", self.expect(REFUSED, "profile", "remove", "live").stderr)


class Completion(CommandTest):
    def complete(self, script, *words):
        ask = f'. {script}; COMP_WORDS=({" ".join(repr(word) for word in words)}); COMP_CWORD={len(words) - 1}; _fanion; echo "${{COMPREPLY[*]}}"'
        return subprocess.run(["bash", "-c", ask], capture_output=True, check=True, timeout=30).stdout.decode().split()

    def test_bash_knows_commands_and_options(self):
        script = self.file("fanion.bash", self.expect(DONE, "completion", "bash").stdout.decode())
        self.assertIn("environment", self.complete(script, "fanion", ""))
        self.assertEqual(self.complete(script, "fanion", "fl"), ["flag"])
        self.assertEqual(self.complete(script, "fanion", "flag", "wei"), ["weights"])
        self.assertEqual(self.complete(script, "fanion", "flag", "rule", "add", "x", "--se"), ["--serve"])
        self.assertEqual(self.complete(script, "fanion", "flag", "rule", "add", "x", "--prof"), ["--profile"])
        self.assertEqual(self.complete(script, "fanion", "--json", "rule", "p"), ["parse", "print"])

    def test_zsh_and_fish_have_the_same_words(self):
        for shell, word in (("zsh", "'weights:set the percentages"), ("fish", "complete -c fanion -n \"__fanion_is_at 'flag'\" -f -a weights")):
            text = self.expect(DONE, "completion", shell).stdout.decode()
            self.assertIn(word, text)
            if shutil.which(shell):
                script = self.file(f"fanion.{shell}", text)
                subprocess.run([shell, "-n", str(script)], check=True, timeout=30, env={**os.environ, "HOME": str(self.dir)})


if __name__ == "__main__":
    unittest.main()
