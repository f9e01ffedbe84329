"""Rulesets in plain form for the tests of `fanion eval`."""
import json

BOOLEAN = [{"key": "on", "value": True}, {"key": "off", "value": False}]
AFTER_JUNE = {"attribute": "$now", "op": "after", "values": ["2026-06-01T00:00:00Z"]}
GERMAN = {"attribute": "country", "op": "one_of", "values": ["DE"]}


def flag(key, kind="boolean", variations=None, **members):
    variations = variations or BOOLEAN
    return {"key": key, "type": kind, "version": 12, "enabled": True, "variations": variations, "off": variations[-1]["key"],
            "fallthrough": {"variation": variations[-1]["key"]}, **members}


def text(*flags, segments=()):
    return json.dumps({"flags": list(flags), "segments": list(segments)}, ensure_ascii=False)


GOOD = text(
    flag("basic", fallthrough={"variation": "on"}),
    flag("ruled", rules=[{"id": "r-de", "when": GERMAN, "serve": {"variation": "on"}}]),
    flag("timed", rules=[{"id": "r-june", "when": AFTER_JUNE, "serve": {"variation": "on"}}]),
    flag("split", fallthrough={"split": {"ranges": [[0, 50000, "on"]], "otherwise": "off"}}),
    flag("sleeping", enabled=False, off=None),
    flag("behind", prerequisites=[{"flag": "sleeping", "variations": ["on"]}]),
    flag("text", "string", [{"key": "t", "value": 'a "b" 🚩'}]),
    flag("tree", "json", [{"key": "j", "value": {"n": [1, None]}}]),
)

# A number keeps its spelling, so this one is written by hand.
NUMBERS = """{"flags":[
 {"key":"one","type":"number","enabled":true,"variations":[{"key":"v","value":1.0}],"fallthrough":{"variation":"v"}},
 {"key":"big","type":"number","enabled":true,"variations":[{"key":"v","value":9223372036854775807}],"fallthrough":{"variation":"v"}}],
 "segments":[]}"""

# Three mistakes in two items.
BAD = text(
    flag("wrong", fallthrough={"variation": "maybe"},
         rules=[{"id": "r", "when": {"attribute": "a", "op": "matches_regex", "values": ["("]}, "serve": {"variation": "on"}}]),
    flag("lost", rules=[{"id": "r", "when": {"attribute": "v", "op": "version_gt", "values": ["new"]}, "serve": {"variation": "on"}}]),
)
