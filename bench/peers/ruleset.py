"""Fifty flags and any number of contexts as every evaluator of the table can express them, and their translations.

A flag: key, type ("boolean", "string"), variants, enabled, rules [(conditions that must all hold, serve)] and a fallthrough. A serve is
a variant's name or a split {variant: percent}. A condition is (kind, attribute, operand); ("segment", None, name) names one of
SEGMENTS. Conditions keep to what all of them have: lists, suffixes, versions. Boolean flags serve `on` or nothing from their rules, because
not all of them can serve `off` from a rule.
"""
import json
import random

COUNTRIES = ("DE", "AT", "CH", "FR", "ES", "IT", "SE", "NO", "US", "CA", "JP", "BR")
PLANS = ("free", "team", "business", "enterprise")
DOMAINS = ("example.com", "example.org", "mail.example", "corp.example")
VERSIONS = ("1.9.0", "2.0.0", "2.1.3", "2.4.1", "3.0.0-beta.2", "3.0.0", "3.2.10")

SEGMENTS = {
    "internal": [("ends_with", "email", ["@corp.example", "@example.org"])],
    "europe": [("in", "country", ["DE", "AT", "CH", "FR", "ES", "IT", "SE", "NO"])],
    "paying-europe": [("in", "country", ["DE", "AT", "CH", "FR"]), ("in", "plan", ["business", "enterprise"])],
}


def boolean(key, rules=(), fallthrough="off", enabled=True):
    return {"key": key, "type": "boolean", "variants": {"on": True, "off": False}, "enabled": enabled, "rules": list(rules),
            "fallthrough": fallthrough}


def string(key, rules, fallthrough):
    return {"key": key, "type": "string", "variants": {name: f"{name} of {key}" for name in ("control", "blue", "green")},
            "enabled": True, "rules": list(rules), "fallthrough": fallthrough}


def is_split(flag):
    return isinstance(flag["fallthrough"], dict)


def make_flags():
    flags = [boolean(f"kill-switch-{n}", fallthrough="on") for n in range(6)]
    flags += [boolean(f"dark-launch-{n}", enabled=False) for n in range(4)]
    flags += [boolean(f"market-{n}", [([("in", "country", list(COUNTRIES[n:n + 2 + n % 3]))], "on")]) for n in range(8)]
    flags += [boolean(f"plan-{n}", [([("in", "plan", list(PLANS[1 + n % 3:])), ("in", "country", list(COUNTRIES[n:n + 5]))], "on"),
                                    ([("ends_with", "email", ["@" + DOMAINS[n % 4]])], "on")]) for n in range(6)]
    flags += [boolean(f"version-{n}", [([("version_gt", "appVersion", VERSIONS[n])], "on")]) for n in range(6)]
    flags += [boolean(f"segment-{n}", [([("segment", None, list(SEGMENTS)[n % 3])], "on"),
                                       ([("in", "plan", [PLANS[n % 4]]), ("version_gt", "appVersion", VERSIONS[n % 5])], "on")])
              for n in range(6)]
    flags += [boolean(f"rollout-{n}", [([("segment", None, "internal")], "on")] if n % 2 else [],
                      {"on": 10 * n + 10, "off": 90 - 10 * n}) for n in range(8)]
    flags += [string(f"theme-{n}", [([("in", "country", list(COUNTRIES[n:n + 3]))], "blue"),
                                    ([("in", "plan", [PLANS[n % 4]])], "green")],
                     {"control": 34, "blue": 33, "green": 33} if n % 3 == 0 else "control") for n in range(6)]
    assert len(flags) == 50
    return flags


def make_contexts(count):
    rng = random.Random(20261121)
    return [{"targetingKey": f"user-{rng.getrandbits(40):010x}", "country": rng.choice(COUNTRIES), "plan": rng.choice(PLANS),
             "email": f"person{number}@{rng.choice(DOMAINS)}", "appVersion": rng.choice(VERSIONS), "age": rng.randint(18, 80)}
            for number in range(count)]


# Fanion: plain form

def fanion_condition(condition):
    kind, attribute, operand = condition
    if kind == "segment":
        return {"op": "in_segment", "values": [operand]}
    op = {"in": "one_of", "ends_with": "ends_with", "version_gt": "version_gt"}[kind]
    return {"attribute": attribute, "op": op, "values": operand if isinstance(operand, list) else [operand]}


def fanion_when(conditions):
    return fanion_condition(conditions[0]) if len(conditions) == 1 else {"all": [fanion_condition(one) for one in conditions]}


def fanion_serve(serve):
    if isinstance(serve, str):
        return {"variation": serve}
    ranges, at = [], 0
    for name, percent in serve.items():
        ranges.append([at, at + percent * 1000, name])
        at += percent * 1000
    return {"split": {"by": "targetingKey", "ranges": ranges}}


def to_fanion(flags):
    return {"flags": [{"key": flag["key"], "type": flag["type"], "enabled": flag["enabled"],
                       "variations": [{"key": name, "value": value} for name, value in flag["variants"].items()],
                       "off": list(flag["variants"])[-1],
                       "rules": [{"id": f"r-{number}", "when": fanion_when(conditions), "serve": fanion_serve(serve)}
                                 for number, (conditions, serve) in enumerate(flag["rules"])],
                       "fallthrough": fanion_serve(flag["fallthrough"])} for flag in flags],
            "segments": [{"key": name, "rules": [{"when": fanion_when(conditions)}]} for name, conditions in SEGMENTS.items()]}


# flagd: JSON Logic that yields a variant's name

def flagd_condition(condition):
    kind, attribute, operand = condition
    if kind == "segment":
        return {"$ref": operand}
    seen = {"var": attribute}
    if kind == "in":
        return {"in": [seen, operand]}
    if kind == "version_gt":
        return {"sem_ver": [seen, ">", operand]}
    suffixes = [{"ends_with": [seen, suffix]} for suffix in operand]
    return suffixes[0] if len(suffixes) == 1 else {"or": suffixes}


def flagd_all(conditions):
    return flagd_condition(conditions[0]) if len(conditions) == 1 else {"and": [flagd_condition(one) for one in conditions]}


def flagd_serve(serve):
    return serve if isinstance(serve, str) else {"fractional": [[name, percent] for name, percent in serve.items()]}


def flagd_flag(flag):
    out = {"state": "ENABLED", "variants": flag["variants"],
           "defaultVariant": flag["fallthrough"] if isinstance(flag["fallthrough"], str) else list(flag["variants"])[-1]}
    last = flagd_serve(flag["fallthrough"])
    if flag["rules"]:
        steps = [part for conditions, serve in flag["rules"] for part in (flagd_all(conditions), flagd_serve(serve))]
        out["targeting"] = {"if": [*steps, last]}
    elif is_split(flag):
        out["targeting"] = last
    return out


def to_flagd(flags):
    return {"flags": {flag["key"]: flagd_flag(flag) for flag in flags},
            "$evaluators": {name: flagd_all(conditions) for name, conditions in SEGMENTS.items()}}


# GrowthBook: MongoDB-like conditions; a segment is written out in each rule

def growthbook_condition(condition):
    kind, attribute, operand = condition
    if kind == "segment":
        return growthbook_all(SEGMENTS[operand])
    if kind == "in":
        return {attribute: {"$in": operand}}
    if kind == "version_gt":
        return {attribute: {"$vgt": operand}}
    return {attribute: {"$regex": "(" + "|".join(suffix.replace(".", "\\.") for suffix in operand) + ")$"}}


def growthbook_all(conditions):
    merged = {}
    for one in conditions:
        merged.update(growthbook_condition(one))
    return merged


def growthbook_flag(flag):
    value = flag["variants"]
    rules = [{"condition": growthbook_all(conditions), "force": value[serve]} for conditions, serve in flag["rules"]]
    default = flag["fallthrough"]
    if is_split(flag):
        split, default = default, list(value)[-1]
        if flag["type"] == "boolean":
            rules.append({"force": True, "coverage": split["on"] / 100, "hashAttribute": "id"})
        else:
            rules.append({"variations": [value[name] for name in split], "weights": [share / 100 for share in split.values()],
                          "hashAttribute": "id", "key": flag["key"]})
    return {"defaultValue": value[default], "rules": rules}


def to_growthbook(flags):
    return {"features": {flag["key"]: growthbook_flag(flag) for flag in flags}}


# Unleash: strategies with constraints; a variant of each strategy

def unleash_constraint(condition):
    kind, attribute, operand = condition
    operator = {"in": "IN", "ends_with": "STR_ENDS_WITH", "version_gt": "SEMVER_GT"}[kind]
    given = {"values": operand} if isinstance(operand, list) else {"values": [], "value": operand}
    return {"contextName": attribute, "operator": operator, "inverted": False, "caseInsensitive": False, **given}


def unleash_variants(flag, serve):
    if flag["type"] == "boolean":
        return []
    shares = {serve: 100} if isinstance(serve, str) else serve
    return [{"name": name, "weight": share * 10, "stickiness": "userId", "payload": {"type": "string", "value": flag["variants"][name]}}
            for name, share in shares.items()]


def unleash_strategy(flag, conditions, serve):
    rollout = serve["on"] if isinstance(serve, dict) and flag["type"] == "boolean" else 100
    strategy = {"name": "flexibleRollout" if rollout != 100 else "default",
                "parameters": {"rollout": str(rollout), "stickiness": "userId", "groupId": flag["key"]},
                "constraints": [unleash_constraint(one) for one in conditions if one[0] != "segment"],
                "variants": unleash_variants(flag, serve)}
    named = [list(SEGMENTS).index(operand) + 1 for kind, _, operand in conditions if kind == "segment"]
    return {**strategy, "segments": named} if named else strategy


def unleash_flag(flag):
    strategies = [unleash_strategy(flag, conditions, serve) for conditions, serve in flag["rules"]]
    if flag["fallthrough"] != "off":
        strategies.append(unleash_strategy(flag, [], flag["fallthrough"]))
    return {"name": flag["key"], "type": "release", "project": "default", "enabled": flag["enabled"], "strategies": strategies,
            "variants": []}


def to_unleash(flags):
    return {"version": 2, "features": [unleash_flag(flag) for flag in flags],
            "segments": [{"id": number + 1, "name": name, "constraints": [unleash_constraint(one) for one in conditions]}
                         for number, (name, conditions) in enumerate(SEGMENTS.items())]}


def write(folder, count):
    """Flags and that many contexts, of which the first are always the same: fanion.json, flagd.json, growthbook.json, unleash.json, contexts.jsonl, flags.txt (keys), strings.txt (keys of
    string flags)."""
    flags, contexts = make_flags(), make_contexts(count)
    folder.mkdir()
    for name, translate in {"fanion": to_fanion, "flagd": to_flagd, "growthbook": to_growthbook, "unleash": to_unleash}.items():
        (folder / f"{name}.json").write_text(json.dumps(translate(flags)))
    (folder / "contexts.jsonl").write_text("".join(json.dumps(one, separators=(",", ":")) + "\n" for one in contexts))
    (folder / "flags.txt").write_text("".join(flag["key"] + "\n" for flag in flags))
    (folder / "strings.txt").write_text("".join(flag["key"] + "\n" for flag in flags if flag["type"] == "string"))
    return flags
