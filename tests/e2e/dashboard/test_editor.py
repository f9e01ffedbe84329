"""The targeting editor: rules, splits, targets, drafts, conflicts and the review, in Debian's Chromium."""
import pathlib
import shutil
import sys
import tempfile

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from site_of_pages import DashboardStack  # noqa: E402

OFF, ON = {"variation": "off"}, {"variation": "on"}
TO_OFF = {"enabled": True, "fallthrough": OFF}


def split(percent):
    return {"split": {"weights": [{"variation": "on", "weight": percent}], "otherwise": "off"}}


def rule(key, when, serve=None):
    return {"id": key, "when": when, "serve": serve or ON}


@pytest.fixture(scope="module")
def stack():
    directory = pathlib.Path(tempfile.mkdtemp(prefix="fanion-"))
    with DashboardStack(directory) as running:
        yield running
    shutil.rmtree(directory, ignore_errors=True)


def flag_with(stack, key, changes, env="development", **members):
    stack.create_flag(key, **members)
    return stack.configure(key, changes, env=env)


def configuration(stack, flag, env="development"):
    return stack.admin.call("GET", f"{stack.home}/flags/{flag}/environments/{env}").json


def ranges(config):
    return config["fallthrough"]["split"]["ranges"]


def flow(stack, name, flag, **given):
    return stack.flow(name, flag=flag, token=stack.admin.token, api=stack.control.url, **given)


def test_split_movement_shown_is_done(stack):
    """5 % become 25 %: what is shown before is what 100,000 keys get after."""
    flag_with(stack, "rollout", {"enabled": True, "fallthrough": split(5)})
    flow(stack, "split_movement_shown_is_done", "rollout")
    assert ranges(configuration(stack, "rollout")) == [[0, 25000, "on"]]


def test_split_locked(stack):
    """Of three shares one is locked, and the others add up by themselves."""
    three = [{"key": key, "value": key} for key in ("red", "green", "blue")]
    weights = [{"variation": "red", "weight": 40}, {"variation": "blue", "weight": 30}]
    flag_with(stack, "colours", {"enabled": True, "fallthrough": {"split": {"weights": weights, "otherwise": "green"}}},
              kind="string", variations=three)
    flow(stack, "split_locked", "colours")


def test_rule_text_error_position(stack):
    """A mistake is underlined where it stands, behind characters of several units; what is published is what was meant."""
    flag_with(stack, "rule", TO_OFF)
    flow(stack, "rule_text_error_position", "rule")
    rules = configuration(stack, "rule")["rules"]
    assert [each["serve"] for each in rules] == [ON]
    text = 'city in ["Zürich", "🎉"] and /app/version >= version "2.1"'
    assert rules[0]["when"] == stack.admin.call("POST", "/rules/parse", {"text": text}).json["when"]


def test_rule_tree_text_round_trip(stack):
    """One condition in two views, moved about in the tree and written anew in the text."""
    when = 'country in ["DE", "AT"] and (plan is "pro" or age >= 18.0)'
    flag_with(stack, "tree", {**TO_OFF, "rules": [rule("r", when)]})
    flow(stack, "rule_tree_text_round_trip", "tree")
    wanted = stack.admin.call("POST", "/rules/parse", {
        "text": '(plan is "pro" or age >= 18.0) and country in ["DE", "AT"] and beta is true'}).json["when"]
    assert configuration(stack, "tree")["rules"][0]["when"] == wanted


def test_rule_reorder_keyboard(stack):
    """A rule is taken, moved by the arrow keys and dropped; another one by Move to position."""
    rules = [rule(name, f'country is "{name}"') for name in ("a", "b", "c")]
    flag_with(stack, "order", {**TO_OFF, "rules": rules})
    flow(stack, "rule_reorder_keyboard", "order")
    assert [each["id"] for each in configuration(stack, "order")["rules"]] == ["c", "b", "a"]


def test_rule_copied_and_kept(stack):
    """A rule is duplicated, left out and taken in again, and copied into the draft of another environment."""
    before = flag_with(stack, "copied", {**TO_OFF, "rules": [rule("first", 'plan is "pro"')]}).json
    flow(stack, "rule_copied_and_kept", "copied")
    assert configuration(stack, "copied")["version"] == before["version"], "drafts publish nothing"


def test_checker_inline(stack):
    """What the checks find stands at the rule and at the value, while one edits."""
    targets = [{"variation": "on", "attribute": "targetingKey", "values": ["bob"]},
               {"variation": "off", "attribute": "targetingKey", "values": ["bob", "cy"]}]
    rules = [rule("wide", 'country is "DE"'), rule("narrow", 'country is "AT"')]
    flag_with(stack, "checked", {**TO_OFF, "rules": rules, "targets": targets})
    flow(stack, "checker_inline", "checked")


def test_prerequisite_cycle_refused(stack):
    """A flag that needs this one itself cannot be chosen; another one shows what it needs."""
    requires = lambda key: {"prerequisites": [{"flag": key, "variations": ["on"]}]}  # noqa: E731
    for key in ("cycle-a", "chain-a"):
        flag_with(stack, key, {"enabled": True})
    flag_with(stack, "cycle-b", {"enabled": True, **requires("cycle-a")})
    flag_with(stack, "cycle-c", {"enabled": True, **requires("cycle-b")})
    flag_with(stack, "chain-b", {"enabled": True, **requires("chain-a")})
    flow(stack, "prerequisite_cycle_refused", "cycle-a")


def test_review_impact_equals_evaluation(stack):
    """The test contexts that the review says will change are those that do."""
    flag_with(stack, "impact", {"enabled": True, "fallthrough": split(20)})
    contexts = [{"name": f"context {i:02}", "context": {"targetingKey": f"person-{i}"}, "shared": True} for i in range(20)]
    for each in contexts:
        stack.admin.call("POST", f"{stack.home}/contexts", each)
    stack.counted("impact", {0: {("on", "SPLIT"): 20, ("off", "SPLIT"): 60, ("off", "DISABLED"): 20}})
    flow(stack, "review_impact_equals_evaluation", "impact", contexts=contexts)


def test_condition_numbers_exact(stack):
    """1.0 and 2^63-1 stay what they are, from the field to the database."""
    flag_with(stack, "numbers", TO_OFF)
    flow(stack, "condition_numbers_exact", "numbers")


def test_review_steps_and_approval(stack):
    """At a time, in steps, and for approval."""
    flag_with(stack, "later", {"enabled": True, "fallthrough": split(5)})
    stack.admin.call("PUT", f"{stack.home}/environments/staging/approvals", {"required": 1})
    flow(stack, "review_steps_and_approval", "later")
    stack.admin.call("PUT", f"{stack.home}/environments/staging/approvals", {"required": 0})
    started = stack.admin.call("GET", f"{stack.home}/environments/development/rollouts").json["items"]
    assert [(each["flag"], [step["share"] for step in each["steps"]]) for each in started] == [("later", [10000, 20000, 100000])]


def test_draft_survives_reload_and_crash(stack):
    """What was not published is there after a reload and after the page has crashed, and is undone step by step."""
    stack.create_flag("kept")
    before = configuration(stack, "kept")
    flow(stack, "draft_survives_reload_and_crash", "kept")
    assert configuration(stack, "kept") == before


def test_double_click_is_one_change(stack):
    """Two presses are one change, and Undo is another."""
    before = flag_with(stack, "twice", {"enabled": True, "fallthrough": split(5)}).json
    flow(stack, "double_click_is_one_change", "twice")
    after = configuration(stack, "twice")
    assert after["version"] == before["version"] + 3, "published twice, undone once"
    assert ranges(after) == [[0, 25000, "on"]]


def test_two_people_no_overlap(stack):
    """A draft goes on top of what somebody else has published elsewhere in the flag."""
    flag_with(stack, "apart", {"enabled": True, "fallthrough": split(5)})
    flow(stack, "two_people_no_overlap", "apart")
    after = configuration(stack, "apart")
    assert after["off"] is None and ranges(after) == [[0, 25000, "on"]]


def test_two_people_overlap_three_way(stack):
    """At the same place there are three columns and a choice."""
    flag_with(stack, "overlap", {"enabled": True, "fallthrough": split(5)})
    flow(stack, "two_people_overlap_three_way", "overlap")
    [[begin, end, served]] = ranges(configuration(stack, "overlap"))
    assert (end - begin, served) == (25000, "on")
    assert end <= 50000, "whoever has on now has had it from the other person's change"


def test_past_version(stack):
    """A past version of the environment, read only."""
    flag_with(stack, "past", {**TO_OFF, "rules": [rule("old", 'plan is "pro"')]})
    at = stack.admin.call("GET", f"{stack.home}/environments/development").json["ruleset_version"]
    stack.configure("past", {"rules": []})
    flow(stack, "past_version", "past", at=at)


def test_why_from_fragment_not_sent(stack):
    """An answer and its tree from the address' fragment; no byte of the context in any request, and none in the log."""
    flag_with(stack, "asked", {**TO_OFF, "rules": [rule("beta", 'plan is "pro"')]})
    flow(stack, "why_from_fragment_not_sent", "asked", secret="alice-4711")
    assert "alice-4711" not in (stack.dir / "control-1.log").read_text()
