"""Every example fits its schema, every schema its metaschema, and no schema is so wide that a broken example fits."""
import copy
import json
import unittest

from examples import EXAMPLES, FOLDER, collect, openapi
from jsonschema import Draft202012Validator, RefResolver

SCHEMAS = {path.name.split(".")[0]: json.loads(path.read_text()) for path in sorted(FOLDER.glob("schemas/*.json"))}
DOCUMENTS = openapi()
STORE = {f"{name}.schema.json": schema for name, schema in SCHEMAS.items()}

# What a reader does without: members that may be left out of an example. Everything else must be there.
OPTIONAL = {
    "signature-line": {"full"},
    "manifest": {"prev", "class", "full"},
    "trust": {"epoch_floor"},
    "relay-status": {"build", "trust", "environments", "keys", "attributes", "client", "epoch", "version", "root", "code", "detail",
                     "events", "accepted", "delivered", "queued", "dropped", "counts", "exposures", "metrics", "spool_bytes"},
    "event-batch": {"counts", "exposures", "metrics", "dropped", "variation", "version", "reason", "sdk", "rule", "attrs", "units", "exp",
                    "by"},
    "item-line": {"body", "sha256"},
    "flag": {"by", "salt", "hash", "ignore_case", "values", "otherwise"},
    "segment": {"client", "salt", "by", "hash", "ignore_case"},
    "access": {"not_before", "not_after", "origins", "ofrep_minimal", "rules"},
    "plain-ruleset": {"version", "client", "off", "prerequisites", "targets", "rules", "salt", "track", "included", "excluded",
                      "by", "hash", "ignore_case", "otherwise"},
    "question": {"context", "now"},
    "evaluation": {"rule", "prerequisite"},
    "problem": {"errors", "item", "request_id"},
    "relay.yaml#OfrepBulk": {"metadata", "eventStreams", "flagSetId", "version", "url", "key", "value", "prerequisite"},
    "relay.yaml#OfrepSuccess": {"value", "ruleId", "prerequisite"},
    "relay.yaml#OfrepFailure": {"key"},
}
# Members that hold whatever a team puts there.
FREE = {"value", "attrs", "context", "body"}


def validator(name):
    if "#" not in name:
        return Draft202012Validator(SCHEMAS[name], resolver=RefResolver("", SCHEMAS[name], store=STORE))
    document, component = name.split("#")
    root = DOCUMENTS[document]
    return Draft202012Validator({"$ref": f"#/components/schemas/{component}"}, resolver=RefResolver("", root))


def places(value, path=()):
    """Every (container, key, path) below a value, without what is free."""
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in members:
        yield path + (key,)
        if key not in FREE:
            yield from places(child, path + (key,))


def changed(value, path, new):
    """A copy with another value at the path, or without it."""
    value = copy.deepcopy(value)
    container = value
    for key in path[:-1]:
        container = container[key]
    if new is None:
        del container[path[-1]]
    else:
        container[path[-1]] = new
    return value


def at(value, path):
    for key in path:
        value = value[key]
    return value


def other_kind(value):
    return {"no": ["such", "thing"]} if not isinstance(value, dict) else "no such thing"


class Schemas(unittest.TestCase):
    maxDiff = None
    examples = collect()

    def values(self):
        for file, values in self.examples.items():
            for schema, value in values:
                yield file, schema, value

    def test_every_schema_fits_its_metaschema(self):
        for name, schema in SCHEMAS.items():
            with self.subTest(name=name):
                self.assertEqual(schema["$schema"], "https://json-schema.org/draft/2020-12/schema")
                Draft202012Validator.check_schema(schema)
        self.assertEqual(set(DOCUMENTS), {"control-plane", "distribution.yaml", "relay.yaml"})
        for name, document in DOCUMENTS.items():
            self.assertEqual(document["openapi"], "3.1.0")
            for component, schema in document["components"]["schemas"].items():
                with self.subTest(document=name, component=component):
                    Draft202012Validator.check_schema(schema)

    def test_every_example_is_known_and_every_schema_has_one(self):
        files = {str(path.relative_to(EXAMPLES)) for path in EXAMPLES.rglob("*") if path.is_file() and path.suffix != ".md"}
        self.assertEqual(files - set(self.examples), set())
        used = {schema for _, schema, _ in self.values()} | {"conditions"}  # parts of flags and segments
        self.assertEqual(set(SCHEMAS) - used, set())

    def test_every_example_fits_its_schema(self):
        count = 0
        for file, schema, value in self.values():
            errors = [f"{list(e.absolute_path)}: {e.message}" for e in validator(schema).iter_errors(value)]
            self.assertEqual(errors, [], (file, schema))
            count += 1
        self.assertGreater(count, 60)

    def test_an_example_with_a_value_of_another_kind_does_not_fit(self):
        for file, schema, value in self.values():
            judge = validator(schema)
            wrong = [path for path in places(value)
                     if path[-1] not in FREE and judge.is_valid(changed(value, path, other_kind(at(value, path))))]
            self.assertEqual(wrong, [], (file, schema))

    def test_an_example_without_a_member_fits_only_where_it_is_optional(self):
        spared = {}
        for _, schema, value in self.values():
            judge = validator(schema)
            name = "problem" if schema.endswith("#Problem") else schema
            for path in places(value):
                if isinstance(path[-1], str) and judge.is_valid(changed(value, path, None)):
                    spared.setdefault(name, set()).add(path[-1])
        self.assertEqual(spared, OPTIONAL)

    def test_mistakes_that_shape_alone_does_not_show(self):
        full = dict(self.examples["full.snapshot"])
        flag = next(value for schema, value in self.examples["items.lines"] if schema == "flag")
        split = {"split": {"ranges": [[0, 100001, "on"]]}}
        cases = [
            ("manifest", full["manifest"], {"typ": "half"}), ("manifest", full["manifest"], {"root": "A" * 64}),
            ("manifest", full["manifest"], {"version": -1}), ("manifest", full["manifest"], {"typ": "delta"}),
            ("manifest", full["manifest"], {"typ": "head"}), ("signature-line", full["signature-line"], {"v": 2}),
            ("signature-line", full["signature-line"], {"sigs": [{"kid": "xyz", "sig": ""}]}),
            ("flag", flag, {"key": "no good"}), ("flag", flag, {"type": "date"}), ("flag", flag, {"variations": []}),
            ("flag", flag, {"variations": [{"key": "on", "value": "yes"}]}), ("flag", flag, {"fallthrough": {}}),
            ("flag", flag, {"fallthrough": split}), ("flag", flag, {"fallthrough": {"variation": "on", **split}}),
            ("flag", flag, {"rules": [{"id": "r", "when": {"attribute": "a", "op": "sounds_like", "values": []},
                                       "serve": {"variation": "on"}}]}),
            ("flag", flag, {"rules": [{"id": "r", "when": {}, "serve": {"variation": "on"}}]}),
            ("item-line", {"key": "flag/x", "body": {}}, {}), ("item-line", {"key": "environment", "body": {"org": "a"}}, {}),
            ("item-line", {"key": "flag/x", "body": flag, "sha256": "0" * 64}, {}), ("item-line", {"key": "a\tb"}, {}),
            ("stream-event", {"event": "put", "id": "e_1:2", "data": ""}, {}),
            ("stream-event", {"event": "push", "id": "e_1:2.3", "data": ""}, {}),
            ("evaluation", {"flag": "f", "value": True, "reason": "STATIC", "version": 1}, {}),
            ("evaluation", {"flag": "f", "error": "OUT_OF_LUCK", "reason": "ERROR"}, {}),
            ("relay.yaml#OfrepSuccess", {"key": "f", "value": 1, "variant": "v", "reason": "ERROR", "metadata": {"version": 1}}, {}),
            ("relay.yaml#OfrepSuccess", {"key": "f", "variant": "", "reason": "STATIC", "metadata": {"version": 1, "x": None}}, {}),
        ]
        for schema, value, change in cases:
            with self.subTest(schema=schema, change=change):
                self.assertFalse(validator(schema).is_valid({**value, **change}))


if __name__ == "__main__":
    unittest.main()
