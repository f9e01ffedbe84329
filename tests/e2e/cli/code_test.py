"""Flags as code: export, plan and apply with a real control plane."""
import json
import unittest

import yaml
from command_line import REFUSED, UNAUTHORIZED, USAGE, CommandLine

DIFFERS = 5

FILE = """\
# What the shop serves.
fanion: 1
project: web
segments:
  insiders:
    name: Insiders
    environments:
      development:
        rules:
          - when: segment "staff"
  staff:
    environments:
      development:
        included:
          - {attribute: targetingKey, values: [ada]}
flags:
  checkout:   # the new one
    type: boolean
    name: Checkout
    tags: [shop]
    environments:
      development:
        enabled: true
        prerequisites: [{flag: theme, variations: [dark]}]
        rules:
          - id: pilot
            when: country in ["DE", "AT"] and segment "insiders"
            serve: {split: {weights: [{variation: on, weight: 12.5}], otherwise: next}}
      production:
        enabled: false
  theme:
    type: string
    variations:
      - {key: dark, value: "#000"}
      - {key: light, value: "#fff"}
    environments:
      development: {enabled: true, fallthrough: {variation: dark}}
"""


class Code(CommandLine):
    def setUp(self):
        super().setUp()
        self.sign_in()
        self.project = self._testMethodName
        self.base = f"/orgs/{self.stack.org}/projects/{self.project}"
        self.stack.admin.call("POST", f"/orgs/{self.stack.org}/projects", {"key": self.project})
        self.write(FILE)

    def write(self, text, name="flags.yaml"):
        (self.home / name).write_text(text.replace("project: web", f"project: {self.project}"))

    def get(self, path):
        return self.stack.admin.call("GET", self.base + path).json

    def apply(self, *more):
        return self.fanion("apply", "flags.yaml", "--yes", *more)

    def test_a_file_is_planned_applied_and_then_so(self):
        planned = self.fanion("plan", "flags.yaml", expect=DIFFERS)
        self.assertEqual(planned.splitlines(), [
            "+ segment `staff`: Creates the segment.", "+ segment `insiders`: Creates the segment.",
            "+ flag `theme`: Creates the string flag, on in development.",
            "+ flag `checkout`: Creates the boolean flag, on in development."])
        self.assertEqual(self.get("/flags")["items"], [])  # a plan changes nothing
        applied = self.apply("--comment", "the first time")
        self.assertIn("changed 2 flags as one: `theme`, `checkout`", applied)
        self.assertEqual(self.fanion("plan", "flags.yaml"), f"{self.project} is as flags.yaml says.\n")
        rules = self.get("/flags/checkout/environments/development")["rules"]
        self.assertEqual(rules[0]["serve"]["split"]["ranges"], [[0, 12500, "on"]])
        entries = self.stack.admin.call("GET", f"/orgs/{self.stack.org}/audit?limit=10&project={self.project}").json["items"]
        self.assertEqual({entry["entry"]["comment"] for entry in entries[:4]}, {"the first time"})
        self.assertEqual(self.apply(), f"{self.project} is as flags.yaml says.\n")

    def test_differences_are_sentences_and_drift_is_found(self):
        self.apply()
        self.stack.admin.call("PATCH", f"{self.base}/flags/checkout/environments/development", {"enabled": False})
        self.stack.admin.call("POST", f"{self.base}/flags", {"key": "by-hand", "type": "boolean"})
        self.assertEqual(self.fanion("plan", "flags.yaml", expect=DIFFERS).splitlines(), [
            "~ flag `checkout`: In development: turns the flag on.",
            "? flag `by-hand`: Is not in the file, and is kept without --delete."])
        told = json.loads(self.fanion("plan", "flags.yaml", "--json", expect=DIFFERS))
        self.assertEqual((told["changes"][0]["line"], told["changes"][0]["column"], told["differs"]), (17, 3, True))
        self.assertEqual(self.fanion("plan", "flags.yaml", "--annotations", "github", expect=DIFFERS).splitlines()[0],
                         "::notice file=flags.yaml,line=17,col=3::flag `checkout`: In development: turns the flag on.")
        self.assertEqual(self.fanion("plan", "--env", "production", "flags.yaml").splitlines()[-1], f"{self.project} is as flags.yaml says.")
        self.apply()
        self.assertTrue(self.get("/flags/checkout/environments/development")["enabled"])
        self.fanion("plan", "flags.yaml")  # what is kept is no difference
        self.assertEqual(self.fanion("plan", "flags.yaml", "--delete", expect=DIFFERS), "- flag `by-hand`: Deletes the flag.\n")
        self.assertIn("deleted flag `by-hand`", self.apply("--delete"))
        self.assertEqual([flag["key"] for flag in self.get("/flags")["items"]], ["checkout", "theme"])

    def test_everything_is_deleted_in_order(self):
        self.apply()
        self.write("fanion: 1\nproject: web\n")
        self.assertEqual(self.apply("--delete").splitlines()[-4:], [
            "deleted flag `checkout`", "deleted flag `theme`", "deleted segment `insiders`", "deleted segment `staff`"])

    def test_an_export_is_a_file_and_is_stable(self):
        self.apply()
        text = self.fanion("export", "--project", self.project)
        self.assertEqual(text, self.fanion("export", "--project", self.project))
        self.assertIn('            when: "country in [\\"DE\\", \\"AT\\"] and segment \\"insiders\\""\n', text)
        self.assertNotIn("version", text)
        read = yaml.safe_load(text)
        self.assertEqual(list(read["flags"]), ["checkout", "theme"])
        self.fanion("export", "--project", self.project, "--output", "out.yaml")
        self.assertEqual((self.home / "out.yaml").read_text(), text)
        self.fanion("plan", "out.yaml", "--delete")
        self.fanion("export", "--project", self.project, "--output", "out.json")
        self.assertEqual(json.loads((self.home / "out.json").read_text()), read)
        self.fanion("plan", "out.json", "--delete")
        one = yaml.safe_load(self.fanion("export", "--project", self.project, "--environment", "production"))
        self.assertEqual(list(one["flags"]["checkout"]["environments"]), ["production"])

    def test_an_export_onto_a_file_keeps_what_people_wrote(self):
        self.apply()
        before = (self.home / "flags.yaml").read_text()
        self.fanion("export", "--project", self.project, "--output", "flags.yaml")
        self.assertIn("  checkout:   # the new one\n    type: boolean\n", (self.home / "flags.yaml").read_text())
        self.fanion("plan", "flags.yaml", "--delete")
        self.stack.admin.call("PATCH", f"{self.base}/flags/checkout/environments/development", {"enabled": False})
        self.fanion("export", "--project", self.project, "--environment", "development", "--output", "flags.yaml")
        after = (self.home / "flags.yaml").read_text()
        self.assertEqual(after.splitlines()[:3], before.splitlines()[:3])
        self.assertIn("        enabled: false\n        prerequisites: [{flag: theme, variations: [dark]}]\n", after)
        self.assertIn("      production:\n        enabled: false\n", after)
        self.fanion("plan", "flags.yaml", "--delete")
        (self.home / "other.yaml").write_text("something: else\n")
        self.fanion("export", "--project", self.project, "--output", "other.yaml", expect=REFUSED)
        self.assertEqual((self.home / "other.yaml").read_text(), "something: else\n")

    def test_every_kind_of_change_is_made_as_one(self):
        self.apply()
        changed = FILE.replace("weight: 12.5", "weight: 25").replace("tags: [shop]", "tags: [shop, pay]\n    owner: team")
        changed = changed.replace("{key: light", "{key: blue, value: '#00f'}\n      - {key: light").replace("values: [ada]", "values: [ada, bob]")
        changed = changed.replace("      production:\n        enabled: false", "      production:\n        enabled: true\n        fallthrough: {variation: off}")
        self.write(changed)
        planned = self.fanion("plan", "flags.yaml", expect=DIFFERS)
        self.assertIn("~ flag `checkout`: In production: turns the flag on.", planned)
        self.assertIn("~ segment `staff`: ", planned)
        self.apply()
        self.assertEqual(self.fanion("plan", "flags.yaml"), f"{self.project} is as flags.yaml says.\n")
        entries = [item["entry"] for item in self.stack.admin.call("GET", f"/orgs/{self.stack.org}/audit?limit=4").json["items"]]
        self.assertEqual(len({entry.get("group", entry["id"]) for entry in entries}), 1)

    def test_archived_flags_are_part_of_it(self):
        self.write(FILE.replace("    type: string\n", "    type: string\n    archived: true\n").replace(
            "        prerequisites: [{flag: theme, variations: [dark]}]\n", ""))
        self.apply()
        self.assertTrue(self.get("/flags/theme")["archived"])
        self.fanion("plan", "flags.yaml", "--delete")
        self.write(FILE)
        self.assertIn("Restores", self.fanion("plan", "flags.yaml", expect=DIFFERS))
        self.apply()
        self.assertFalse(self.get("/flags/theme")["archived"])

    def test_what_is_created_may_need_what_the_same_plan_restores(self):
        there = yaml.safe_load(FILE)
        del there["segments"]["insiders"], there["flags"]["checkout"]
        self.write(yaml.safe_dump(there))
        self.apply()
        for kind, key in (("flag", "theme"), ("segment", "staff")):
            self.fanion(kind, "archive", key, "--yes", "--project", self.project)
        self.write(FILE)
        self.assertIn("+ segment `insiders`", self.fanion("plan", "flags.yaml", expect=DIFFERS))
        applied = self.apply()
        self.assertLess(applied.index("changed segment `staff`"), applied.index("created segment `insiders`"))
        self.assertEqual(self.fanion("plan", "flags.yaml"), f"{self.project} is as flags.yaml says.\n")

    def test_mistakes_have_their_line(self):
        self.write(FILE.replace("country in [", "country inn ["))
        said = self.fanion("plan", "flags.yaml", expect=REFUSED)
        self.assertIn("flags.yaml:27:13 /flags/checkout/environments/development/rules/0/when: ", said)
        self.assertTrue(self.fanion("plan", "flags.yaml", "--annotations", "github", expect=REFUSED))
        self.write(FILE.replace("  theme:", "  checkout:"))
        self.assertIn("flags.yaml:31:3 (whole): the key `checkout` occurs twice [syntax]", self.fanion("apply", "flags.yaml", expect=REFUSED))
        self.write(FILE.replace("      production:", "      nowhere:"))
        self.assertIn("flags.yaml:29:7 ", self.fanion("plan", "flags.yaml", expect=REFUSED))
        self.write(FILE.replace("flag: theme,", "flag: missing,"))
        self.assertRegex(self.fanion("plan", "flags.yaml", expect=REFUSED),
                         r"flags.yaml:24:\d+ /flags/checkout/environments/development/prerequisites/0")
        self.write(FILE.replace("segment \"insiders\"", "segment \"outsiders\""))
        self.assertIn("flags.yaml:27:13 ", self.fanion("plan", "flags.yaml", expect=REFUSED))
        self.fanion("plan", "none.yaml", expect=USAGE)
        self.fanion("plan", expect=USAGE)

    def test_what_the_control_plane_refuses_has_its_line(self):
        self.apply()
        self.write(FILE.replace("name: Checkout", "name: " + "x" * 300))
        self.assertIn("flags.yaml:17:3 ", self.fanion("plan", "flags.yaml", expect=REFUSED))
        self.stack.admin.call("POST", f"{self.base}/flags", {"key": "by-hand", "type": "boolean", "environments": {
            "development": {"enabled": True, "prerequisites": [{"flag": "theme", "variations": ["dark"]}]}}})
        self.write(FILE.replace("  theme:", "  theme-2:").replace("flag: theme,", "flag: theme-2,"))
        self.assertIn("by-hand", self.fanion("plan", "flags.yaml", "--delete", expect=DIFFERS))
        self.write(FILE.replace("type: string", "type: json"))
        self.assertIn("flags.yaml:32:5 /flags/theme/type: ", self.fanion("plan", "flags.yaml", expect=REFUSED))

    def test_apply_asks_and_takes_a_token(self):
        self.assertIn("--yes", self.fanion("apply", "flags.yaml", expect=USAGE))
        token = self.stack.admin.call("POST", f"/orgs/{self.stack.org}/tokens", {"name": "ci", "role": "viewer"}).json["token"]
        ci = {"FANION_TOKEN": token, "FANION_URL": self.stack.control.url, "FANION_ORG": self.stack.org, "XDG_CONFIG_HOME": "/nowhere"}
        self.assertIn("+ flag", self.fanion("plan", "flags.yaml", expect=DIFFERS, **ci))
        self.fanion("apply", "flags.yaml", "--yes", expect=UNAUTHORIZED, **ci)
        self.assertEqual(self.get("/flags")["items"], [])


if __name__ == "__main__":
    unittest.main()
