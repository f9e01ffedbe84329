"""Validates responses against an OpenAPI document (status, content type, headers, body), and reports what was never tried."""
import json
import pathlib
import re
import subprocess
import sys
import urllib.parse

import yaml
from jsonschema import Draft202012Validator, FormatChecker, RefResolver

FOLDER = pathlib.Path(__file__).resolve().parents[3] / "proto-schemas" / "openapi"
SCHEMAS = FOLDER.parent / "schemas"
BASE = "https://fanion.invalid/"  # for resolving references; nothing is fetched from it
METHODS = ("get", "put", "post", "patch", "delete", "options")

formats = FormatChecker(formats=())


@formats.checks("date-time")
def is_date_time(value):
    return not isinstance(value, str) or re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", value) is not None


@formats.checks("uri")
def is_uri(value):
    return not isinstance(value, str) or urllib.parse.urlsplit(value).scheme != ""


class Operation:
    def __init__(self, method, template, parts, shared):
        self.method, self.template, self.parts = method, template, parts
        self.parameters = [*shared, *parts.get("parameters", [])]
        self.seen = set()  # statuses that were answered

    def __str__(self):
        return f"{self.method.upper()} {self.template}"


def load(name):
    """The document in a file, or the one joined from the files of a folder."""
    if not (FOLDER / name).is_dir():
        return yaml.safe_load((FOLDER / name).read_text())
    return json.loads(subprocess.run([sys.executable, FOLDER / "join", FOLDER / name], stdout=subprocess.PIPE, check=True).stdout)


class Document:
    def __init__(self, name, root=None):
        """`root`: instead of the document in the tree."""
        self.root = load(name) if root is None else root
        schemas = {f"{BASE}schemas/{path.name}": json.loads(path.read_text()) for path in SCHEMAS.glob("*.json")}
        self.resolver = RefResolver(f"{BASE}openapi/{name}", self.root, store=schemas)
        self.operations = {}
        for template, item in self.root["paths"].items():
            for method in METHODS:
                if method in item:
                    operation = Operation(method, template, item[method], item.get("parameters", []))
                    self.operations[method, template] = operation

    def resolve(self, part):
        while "$ref" in part:
            part = self.resolver.resolve(part["$ref"])[1]
        return part

    def is_open(self, operation):
        return operation.parts.get("security", self.root.get("security")) == []

    def find(self, method, path):
        """The operation for a path. A literal path takes precedence over one with parameters."""
        given = path.split("/")

        def fits(template):
            parts = template.split("/")
            return len(parts) == len(given) and all(
                value and (part == value or part.startswith("{")) for part, value in zip(parts, given) if part or value)

        found = [o for (m, template), o in self.operations.items() if m == method.lower() and fits(template)]
        return min(found, key=lambda o: o.template.count("{")) if found else None

    def errors(self, schema, value):
        validator = Draft202012Validator(schema, resolver=self.resolver, format_checker=formats)
        return [f"{'/'.join(map(str, error.absolute_path))}: {error.message}" for error in validator.iter_errors(value)]

    def judge(self, operation, answer):
        """The errors of a response; an empty list if it is valid."""
        operation.seen.add(answer.status)
        responses = operation.parts["responses"]
        response = responses.get(str(answer.status), responses.get("default"))
        if response is None:
            return [f"status {answer.status} is not in the document: {answer.body[:300]!r}"]
        response = self.resolve(response)
        if "default" in responses and str(answer.status) not in responses and answer.status < 400:
            return [f"status {answer.status} is a success that the document does not know"]
        return self.judge_headers(response, answer) + self.judge_body(response.get("content", {}), answer)

    def judge_headers(self, response, answer):
        faults = []
        for name, header in response.get("headers", {}).items():
            value = answer.headers.get(name)
            if value is None:
                faults += [f"header {name} is missing"] if header.get("required") else []
                continue
            schema = self.resolve(header).get("schema", {})
            kind = int(value) if schema.get("type") == "integer" and value.isdigit() else value
            faults += [f"header {name}: {fault}" for fault in self.errors(schema, kind)]
        return faults

    def judge_body(self, content, answer):
        if not content:
            return [f"a body that the document does not have: {answer.body[:200]!r}"] if answer.body else []
        kind = (answer.headers.get("Content-Type") or "").split(";")[0]
        if kind not in content:
            return [f"content type {kind!r} instead of {list(content)}: {answer.body[:200]!r}"]
        if "schema" not in content[kind] or not kind.endswith("json") or kind.endswith("ndjson"):
            return []
        try:
            value = json.loads(answer.body)
        except ValueError as error:
            return [f"no JSON: {error}: {answer.body[:200]!r}"]
        return self.errors(content[kind]["schema"], value)

    def judge_request(self, operation, query, body, kind):
        """Whether the document describes a request that was accepted."""
        known = {self.resolve(p)["name"]: self.resolve(p) for p in operation.parameters if self.resolve(p)["in"] == "query"}
        free = any(self.resolve(p).get("explode") for p in operation.parameters)
        faults = [f"query parameter {name} is not in the document" for name in query if name not in known and not free]
        if "requestBody" not in operation.parts:
            return faults + (["a body was taken that the document does not have"] if body is not None else [])
        request = self.resolve(operation.parts["requestBody"])
        if body is None:
            return faults + (["the body was left out and is required"] if request.get("required") else [])
        if kind not in request["content"]:
            return faults + [f"content type {kind!r} was taken and is not in the document"]
        return faults + self.errors(request["content"][kind].get("schema", {}), body)


def fill(template, values):
    return re.sub(r"\{(\w+)\}", lambda match: urllib.parse.quote(values[match.group(1)], safe=""), template)
