"""The examples of proto-schemas/examples as values, each with the schema it must fit."""
import json
import pathlib
import re
import subprocess
import sys

import yaml

FOLDER = pathlib.Path(__file__).resolve().parents[3] / "proto-schemas"
EXAMPLES = FOLDER / "examples"
SNAPSHOTS = ("full", "delta", "head", "revoked")


def openapi():
    """Every OpenAPI document by name: a file's, or that of the folder whose files make it."""
    folder = FOLDER / "openapi"
    found = {path.name: yaml.safe_load(path.read_text()) for path in sorted(folder.glob("*.yaml"))}
    joined = subprocess.run([sys.executable, folder / "join", folder / "control-plane"], stdout=subprocess.PIPE, check=True)
    return {**found, "control-plane": json.loads(joined.stdout)}


def text(name):
    return (EXAMPLES / name).read_text()


def signed_lines(document, payload_schema):
    """A signed document's lines as (schema, value)."""
    line0, line1, *items = document.splitlines()
    yield "signature-line", json.loads(line0)
    yield payload_schema, json.loads(line1)
    for line in items:
        yield "item-line", item(line)


def item(line):
    key, body = line.split("\t", 1)
    if body.startswith("#"):
        return {"key": key, "sha256": body[1:]}
    return {"key": key, **({"body": json.loads(body)} if body else {})}


def events(stream):
    """What a server-sent event stream says: one object per event."""
    for block in stream.split("\n\n"):
        fields = [line.partition(": ")[::2] for line in block.splitlines()]
        if any(name == "event" for name, _ in fields):
            data = "\n".join(value for name, value in fields if name == "data")
            yield {**dict(field for field in fields if field[0] != "data"), "data": data}


def ofrep(example):
    """The schema of relay.yaml that an OFREP example's answer has."""
    answer = json.loads(example)["answer"]
    if "body" not in answer:
        return None
    if "flags" in answer["body"]:
        return "OfrepBulk", answer["body"]
    if answer["status"] == 200:
        return "OfrepSuccess", answer["body"]
    return ("OfrepFailureDoubled" if "error_code" in answer["body"] else "OfrepFailure"), answer["body"]


def collect():
    """Every example file -> list of (schema, value). A schema is a file's name, or document#component."""
    found = {}
    for name in SNAPSHOTS:
        found[f"{name}.snapshot"] = list(signed_lines(text(f"{name}.snapshot"), "manifest"))
    found["trust.json"] = list(signed_lines(text("trust.json"), "trust"))
    found["stream.sse"] = []
    for event in events(text("stream.sse")):
        found["stream.sse"] += [("stream-event", event), *signed_lines(event["data"], "manifest")]
    found["items.lines"] = [("item-line", item(line)) for line in text("items.lines").splitlines()]
    for key, value in list(found["items.lines"]):
        kind = value["key"].split("/")[0]
        if "body" in value:
            found["items.lines"].append((kind, value["body"]))
    found["status.json"] = [("relay-status", json.loads(text("status.json")))]
    found["event-batch.json"] = [("event-batch", json.loads(text("event-batch.json")))]
    found["event-receipt.json"] = [("event-receipt", json.loads(text("event-receipt.json")))]
    found["plain-ruleset.json"] = [("plain-ruleset", json.loads(text("plain-ruleset.json")))]
    found["answers.ndjson"] = [("evaluation", json.loads(line)) for line in text("answers.ndjson").splitlines()]
    found["questions.ndjson"] = [("question", json.loads(line)) for line in text("questions.ndjson").splitlines() if line[0] == "{"]
    problem = json.loads(text("problem.json"))
    found["problem.json"] = [("control-plane#Problem", problem), ("relay.yaml#Problem", problem)]
    for path in sorted(EXAMPLES.glob("ofrep/*.json")):
        answer = ofrep(path.read_text())
        found[f"ofrep/{path.name}"] = [(f"relay.yaml#{answer[0]}", answer[1])] if answer else []
    relay = yaml.safe_load((FOLDER / "openapi" / "relay.yaml").read_text())
    stream = relay["paths"]["/ofrep/v1/stream"]["get"]["responses"]["200"]["content"]["text/event-stream"]["example"]
    data = re.search(r"^data: (.*)$", stream, re.M).group(1)
    found["relay.yaml: the example of the event stream"] = [("relay.yaml#RefetchEvaluation", json.loads(data))]
    return found
