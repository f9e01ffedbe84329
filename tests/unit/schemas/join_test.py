"""proto-schemas/openapi/join: what it makes of a folder, and what it refuses, each with the file and the place."""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

JOIN = pathlib.Path(__file__).resolve().parents[3] / "proto-schemas" / "openapi" / "join"
CONTROL_PLANE = JOIN.parent / "control-plane"

HTTP = """\
openapi: 3.1.0
info: {title: Test, version: "1"}
paths:
  /self:
    get: {responses: {default: {$ref: "#/components/responses/Problem"}}}
components:
  responses:
    Problem: {description: what went wrong}
  schemas:
    Key: {type: string}
"""
FLAGS = """\
paths:
  /flags/{flag}:
    get:
      responses:
        "200": {description: found}
        default: {$ref: "#/components/responses/Problem"}
components:
  parameters:
    Strict: {name: strict, in: query}
  schemas:
    Flag:
      properties:
        key: {$ref: "#/components/schemas/Key"}
        "off": {type: [string, "null"]}
"""


class Join(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        temporary = tempfile.TemporaryDirectory(prefix="fanion-")
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)
        self.write(http=HTTP, flags=FLAGS)

    def write(self, **files):
        for name, text in files.items():
            (self.folder / f"{name}.yaml").write_text(text)

    def run_join(self, *arguments):
        return subprocess.run([sys.executable, JOIN, *arguments], capture_output=True, text=True)

    def refused(self, place, *words):
        output = self.folder / "out.json"
        done = self.run_join(self.folder, output)
        self.assertEqual((done.returncode, done.stdout), (1, ""), done.stderr)
        self.assertFalse(output.exists())
        self.assertTrue(done.stderr.startswith(f"{self.folder / place}: "), done.stderr)
        self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
        for word in words:
            self.assertIn(word, done.stderr)

    def test_a_folder_becomes_one_document_http_first_and_then_by_name(self):
        self.write(audit="paths: {/audit: {}}\n")
        done = self.run_join(self.folder)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(done.stdout, json.dumps({
            "openapi": "3.1.0", "info": {"title": "Test", "version": "1"},
            "paths": {
                "/self": {"get": {"responses": {"default": {"$ref": "#/components/responses/Problem"}}}},
                "/audit": {},
                "/flags/{flag}": {"get": {"responses": {"200": {"description": "found"},
                                                        "default": {"$ref": "#/components/responses/Problem"}}}},
            },
            "components": {
                "responses": {"Problem": {"description": "what went wrong"}},
                "schemas": {"Key": {"type": "string"},
                            "Flag": {"properties": {"key": {"$ref": "#/components/schemas/Key"},
                                                    "off": {"type": ["string", "null"]}}}},
                "parameters": {"Strict": {"name": "strict", "in": "query"}},
            },
        }, separators=(",", ":")) + "\n")

    def test_the_comment_at_the_head_of_a_file_describes_the_tag_of_its_operations(self):
        self.write(flags="# What is on,\n# and where.\n\n# Not this.\n" + FLAGS)
        document = json.loads(self.run_join(self.folder).stdout)
        self.assertEqual(document["tags"], [{"name": "flags", "description": "What is on, and where."}])
        self.assertEqual(document["paths"]["/flags/{flag}"]["get"]["tags"], ["flags"])
        self.assertNotIn("tags", document["paths"]["/self"]["get"])

    def test_operations_with_a_permission_get_what_the_rules_of_the_api_say(self):
        operation = ("    {method}:\n      operationId: {name}\n      x-permission: {permission}\n{body}"
                     "      responses: {{'200': {{description: ok}}, "
                     "default: {{$ref: '#/components/responses/Problem'}}}}\n")
        comment = "components: {parameters: {Comment: {name: comment, in: query}}, examples: {id: {value: a_1}}}\n"
        of_path = "      parameters: [{name: id, in: path}]\n"
        read = operation.format(method="get", name="getIt", permission="read", body=of_path)
        write = operation.format(method="put", name="putIt", permission="edit", body="      requestBody: {}\n")
        self.write(audit=f"paths:\n  /audit/{{id}}:\n{read}{write}{comment}")
        done = self.run_join(self.folder)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        made = json.loads(done.stdout)["paths"]["/audit/{id}"]
        self.assertEqual(list(made["get"]["responses"]), ["200", "400", "401", "403", "404", "503", "default"])
        self.assertEqual(list(made["put"]["responses"]),
                         ["200", "400", "401", "403", "404", "409", "413", "415", "422", "503", "default"])
        example = {"id": {"$ref": "#/components/examples/id"}}
        self.assertEqual(made["get"]["parameters"], [{"name": "id", "in": "path", "examples": example}])
        self.assertEqual(made["put"]["parameters"], [{"$ref": "#/components/parameters/Comment"}])
        self.write(audit=f"paths:\n  /audit:\n{read}{write.replace('putIt', 'getIt')}{comment}")
        self.refused("audit.yaml:8", "operationId getIt", "get /audit")
        self.write(audit=f"paths:\n  /audit:\n{read.replace('operationId', 'x-name')}{comment}")
        self.refused("audit.yaml:3", "get /audit has no operationId")
        self.write(audit=f"paths:\n  /audit/{{id}}:\n{read.replace('name: id', 'name: entry')}{write}{comment}")
        self.refused("", "'#/components/examples/entry' leads nowhere")

    def test_the_output_is_a_file_when_one_is_named(self):
        output = self.folder / "out.json"
        self.assertEqual(self.run_join(self.folder, output).returncode, 0)
        self.assertEqual(output.read_text(), self.run_join(self.folder).stdout)

    def test_a_source_holds_the_same_document(self):
        for folder in (self.folder, CONTROL_PLANE):
            done = self.run_join("--cpp", folder)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            before, text, after = done.stdout.replace(')fanion"', 'R"fanion(').split('R"fanion(')
            self.assertEqual(text, self.run_join(folder).stdout.rstrip("\n"))
            self.assertIn('#include "control-plane/http/openapi.hpp"', before)
            self.assertTrue(before.endswith("std::string_view openapi_json() noexcept { return "))
            self.assertEqual(after, "; }\n\n}  // namespace fanion::cp::http\n")

    def test_what_would_end_the_string_literal_is_refused(self):
        self.write(events="paths: {/events: {summary: ')fanion'}}\n")
        self.assertEqual(self.run_join(self.folder).returncode, 0)
        source = self.run_join("--cpp", self.folder)
        self.assertEqual((source.returncode, source.stdout), (1, ""))
        self.assertIn(")fanion", source.stderr)

    def test_a_path_given_twice(self):
        self.write(segments="paths:\n  /segments: {}\n  /flags/{flag}: {}\n")
        self.refused("segments.yaml:3", "/paths/~1flags~1{flag} is given twice", f"{self.folder / 'flags.yaml'}:2")

    def test_a_component_given_twice(self):
        for kind, name, first in (("schemas", "Key", "http.yaml:10"), ("schemas", "Flag", "flags.yaml:11"),
                                  ("parameters", "Strict", "flags.yaml:9"), ("responses", "Problem", "http.yaml:8")):
            with self.subTest(kind=kind, name=name):
                self.write(segments=f"components:\n  {kind}:\n    {name}: {{description: another}}\n")
                self.refused("segments.yaml:3", f"/components/{kind}/{name} is given twice", f"{self.folder / first}\n")

    def test_one_name_for_components_of_two_kinds_is_no_duplicate(self):
        self.write(segments="components:\n  parameters:\n    Key: {name: key, in: query}\n")
        self.assertEqual(self.run_join(self.folder).returncode, 0)

    def test_anything_given_twice_in_one_file(self):
        cases = {
            "paths:\n  /s: {}\n  /s: {}\n": ("segments.yaml:3", "/paths/~1s is given twice"),
            "paths:\n  /s:\n    get: {}\n    get: {}\n": ("segments.yaml:4", "/paths/~1s/get is given twice"),
            "paths: {}\npaths: {}\n": ("segments.yaml:2", "/paths is given twice"),
            "components:\n  schemas:\n    S: {}\n  schemas:\n    T: {}\n":
                ("segments.yaml:4", "/components/schemas is given twice"),
        }
        for text, expected in cases.items():
            with self.subTest(text=text):
                self.write(segments=text)
                self.refused(*expected)

    def test_a_reference_that_leads_nowhere(self):
        for target in ("#/components/schemas/Nothing", "#/components/responses/Key", "schemas/Key", "#/paths/flags", "#",
                       "http.yaml#/components/schemas/Key"):
            with self.subTest(target=target):
                self.write(segments=f'paths:\n  /s:\n    parameters:\n      - {{$ref: "{target}"}}\n')
                self.refused("segments.yaml:4", "/paths/~1s/parameters/0/$ref", repr(target), "leads nowhere")

    def test_references_reach_escaped_keys_and_elements_of_arrays(self):
        self.write(segments='paths:\n  /s:\n    parameters: [{$ref: "#/paths/~1t~1%7Bid%7D/parameters/0"}]\n'
                            "  /t/{id}:\n    parameters: [{name: id, in: path}]\n")
        self.assertEqual(self.run_join(self.folder).returncode, 0)

    def test_members_that_do_not_belong(self):
        self.write(segments="path: {}\n")
        self.refused("segments.yaml:1", "/path does not belong here")
        self.write(segments="info: {title: Another}\n")
        self.refused("segments.yaml:1", "/info does not belong here")
        self.write(segments="components:\n  schema: {}\n")
        self.refused("segments.yaml:2", "/components/schema does not belong here")
        self.write(segments="paths: {}\n", http=HTTP + "pathes: {}\n")
        self.refused("http.yaml:11", "/pathes does not belong here")

    def test_what_is_missing(self):
        self.write(http=HTTP.replace("openapi: 3.1.0\n", ""))
        self.refused("http.yaml", "/openapi is missing")
        (self.folder / "http.yaml").unlink()
        self.refused("http.yaml", "no such file")

    def test_what_has_no_members(self):
        for text, place in (("", "segments.yaml:1"), ("- paths\n", "segments.yaml:1"), ("paths:\n", "segments.yaml:1"),
                            ("paths: []\n", "segments.yaml:1"), ("components:\n  schemas:\n", "segments.yaml:2"),
                            ("components: [schemas]\n", "segments.yaml:1")):
            with self.subTest(text=text):
                self.write(segments=text)
                self.refused(place)

    def test_what_readers_of_yaml_take_differently(self):
        for text in ("off: {}", "200: {}", "null: {}", "a: off", "a: [yes]", "a: 2026-01-01", "a: 0777", "a: 1:30", "a: .inf",
                     "a: 1_000", "a: ~", "a:", "a: !!binary AAAA", "<<: {a: 1}"):
            with self.subTest(text=text):
                self.write(segments=f"paths:\n  /s:\n    {text}\n")
                self.refused("segments.yaml:3", "quotation marks")

    def test_what_is_no_yaml(self):
        self.write(segments="paths:\n  /s: {a: [}\n")
        self.refused("segments.yaml:2")
        (self.folder / "segments.yaml").write_bytes(b"paths: {/\xff: {}}\n")
        self.refused("segments.yaml")

    def test_the_control_plane_has_no_line_of_more_than_120_columns(self):
        long = [f"{file.name}:{number}" for file in sorted(CONTROL_PLANE.glob("*.yaml"))
                for number, line in enumerate(file.read_text().splitlines(), 1) if len(line) > 120]
        self.assertEqual(long, [])

    def test_it_says_how_it_is_used(self):
        done = self.run_join("--help")
        self.assertEqual(done.returncode, 0)
        self.assertIn("FOLDER [OUTPUT]", done.stdout)
        self.assertEqual(self.run_join().returncode, 2)


if __name__ == "__main__":
    unittest.main()
