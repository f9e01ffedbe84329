"""A second evaluator, written from ruleset.md alone, to verify the first one. Slow, simple, and only for valid rulesets.

It shares nothing with common/eval: where the two differ, ruleset.md says who is right.
"""
import re

from jsontext import Number, Object, compact
from operators import holds

SLOTS = 100000
MASK = 0xFFFFFFFF


class Served:
    """The result of a serve: the key of a variation, and whether a split chose it."""

    def __init__(self, variation, split):
        self.variation, self.split = variation, split


class MissingUnit(Exception):
    """The context has no unit for a split or bucket."""


def scramble(block):
    block = block * 0xCC9E2D51 & MASK
    return ((block << 15 | block >> 17) & MASK) * 0x1B873593 & MASK


def murmur3(data):
    """MurmurHash3_x86_32 with seed 0."""
    state = 0
    whole = len(data) - len(data) % 4
    for at in range(0, whole, 4):
        state ^= scramble(int.from_bytes(data[at:at + 4], "little"))
        state = ((state << 13 | state >> 19) * 5 + 0xE6546B64) & MASK
    state ^= scramble(int.from_bytes(data[whole:], "little")) ^ len(data)
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35), (16, 1)):
        state = (state ^ state >> shift) * factor & MASK
    return state


def djb2(data):
    state = 5381
    for byte in data:
        state = (state * 33 + byte) & MASK
    return state


HASHES = {"murmur3": lambda data: murmur3(data) * SLOTS >> 32, "djb2": lambda data: djb2(data) % 100 * 1000}


def step_down(value, token):
    if isinstance(value, Object):
        return value.get(token)
    if isinstance(value, list) and re.fullmatch(r"0|[1-9][0-9]*", token) and int(token) < len(value):
        return value[int(token)]
    return None


def unit_of(value):
    """The unit: a string as it is, or an integer in decimal. Raises MissingUnit for anything else."""
    if isinstance(value, str):
        return value.encode()
    if isinstance(value, Number):
        if isinstance(value.value(), int):
            return str(value.value()).encode()
        if re.fullmatch(r"-?[0-9]+", value.text):
            return value.text.encode()
    raise MissingUnit


class Evaluator:
    """One evaluation with a ruleset in plain form."""

    def __init__(self, ruleset, context, now):
        self.flags = {flag.get("key"): flag for flag in ruleset.get("flags", [])}
        self.segments = {segment.get("key"): segment for segment in ruleset.get("segments", [])}
        self.context, self.now = context, now

    def attribute(self, reference):
        if reference == "$now":
            return Number(str(self.now))
        if not reference.startswith("/"):
            return self.context.get(reference)
        value = self.context
        for token in reference[1:].split("/"):
            value = step_down(value, token.replace("~1", "/").replace("~0", "~"))
        return value

    def listed(self, entries):
        """The first entry (target, included, excluded) that lists the string value of its attribute."""
        for entry in entries:
            value = self.attribute(entry.get("attribute"))
            if isinstance(value, str) and value in entry.get("values"):
                return entry
        return None

    def slot(self, split, salt):
        unit = unit_of(self.attribute(split.get("by", "targetingKey")))
        return HASHES[split.get("hash", "murmur3")](split.get("salt", salt).encode() + b":" + unit)

    def is_member(self, key):
        segment = self.segments[key]
        if self.listed(segment.get("included", [])):
            return True
        if self.listed(segment.get("excluded", [])):
            return False
        return any(self.condition(rule.get("when"), None) for rule in segment.get("rules", []))

    def bucket(self, bucket, salt):
        try:
            slot = self.slot(bucket, salt)
        except MissingUnit:
            return False
        return bucket.get("from").value() <= slot < bucket.get("to").value()

    def condition(self, condition, salt):
        if condition.has("all"):
            return all(self.condition(part, salt) for part in condition.get("all"))
        if condition.has("any"):
            return any(self.condition(part, salt) for part in condition.get("any"))
        if condition.has("not"):
            return not self.condition(condition.get("not"), salt)
        if condition.has("bucket"):
            return self.bucket(condition.get("bucket"), salt)
        op, operands = condition.get("op"), condition.get("values", [])
        if op in ("in_segment", "not_in_segment"):
            return any(map(self.is_member, operands)) == (op == "in_segment")
        return holds(op, self.attribute(condition.get("attribute")), operands, condition.get("ignore_case", False))

    def serve(self, serve, salt):
        """Returns Served, or None for "next". Raises MissingUnit."""
        if serve.has("variation"):
            return Served(serve.get("variation"), False)
        split = serve.get("split")
        slot = self.slot(split, salt)
        for first, end, variation in split.get("ranges", []):
            if first.value() <= slot < end.value():
                return Served(variation, True)
        return None if split.get("otherwise") == "next" else Served(split.get("otherwise"), True)

    def result(self, flag):
        """Returns (variation key or None, reason, further members)."""
        if not flag.get("enabled"):
            return flag.get("off"), "DISABLED", {}
        for prerequisite in flag.get("prerequisites", []):
            needed = self.flags[prerequisite.get("flag")]
            if not needed.get("enabled") or self.result(needed)[0] not in prerequisite.get("variations"):
                return flag.get("off"), "DISABLED", {"prerequisite": needed.get("key")}
        target = self.listed(flag.get("targets", []))
        if target:
            return target.get("variation"), "TARGETING_MATCH", {}
        return self.rule_result(flag) or self.fallthrough_result(flag)

    def rule_result(self, flag):
        salt = flag.get("salt", flag.get("key"))
        for rule in flag.get("rules", []):
            if not self.condition(rule.get("when"), salt):
                continue
            try:
                served = self.serve(rule.get("serve"), salt)
            except MissingUnit:
                continue
            if served:
                return served.variation, "SPLIT" if served.split else "TARGETING_MATCH", {"rule": rule.get("id")}
        return None

    def fallthrough_result(self, flag):
        try:
            served = self.serve(flag.get("fallthrough"), flag.get("salt", flag.get("key")))
        except MissingUnit:
            return None, "ERROR", {"error": "TARGETING_KEY_MISSING"}
        if served.split:
            return served.variation, "SPLIT", {}
        plain = not any(flag.get(part) for part in ("prerequisites", "targets", "rules"))
        return served.variation, "STATIC" if plain else "DEFAULT", {}


def error(key, code):
    return compact(Object([("flag", key), ("error", code), ("reason", "ERROR")]))


def evaluate(ruleset, key, context, now):
    """The answer as JSON (ruleset.md). `context` comes from jsontext.parse(), or is an empty Object if there is none."""
    evaluator = Evaluator(ruleset, context, now)
    flag = evaluator.flags.get(key)
    if flag is None:
        return error(key, "FLAG_NOT_FOUND")
    if not isinstance(evaluator.context, Object):
        return error(key, "INVALID_CONTEXT")
    chosen, reason, more = evaluator.result(flag)
    if "error" in more:
        return error(key, more["error"])
    members = [("flag", key)]
    if chosen is not None:
        value = next(one.get("value") for one in flag.get("variations") if one.get("key") == chosen)
        members += [("value", value), ("variation", chosen)]
    members += [("reason", reason)] + [(name, more[name]) for name in ("rule", "prerequisite") if name in more]
    return compact(Object(members + [("version", flag.get("version", Number("0")))]))
