"""The targeting editor: rollouts, rules, drafts and conflicts, in Debian's Chromium, by keys where a job is measured so."""
import pathlib
import shutil
import sys
import tempfile

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from site_of_pages import DashboardStack  # noqa: E402

OFF, ON = {"variation": "off"}, {"variation": "on"}


def split(percent):
    return {"split": {"weights": [{"variation": "on", "weight": percent}], "otherwise": "off"}}


@pytest.fixture(scope="module")
def stack():
    directory = pathlib.Path(tempfile.mkdtemp(prefix="fanion-"))
    with DashboardStack(directory) as running:
        yield running
    shutil.rmtree(directory, ignore_errors=True)


def configuration(stack, flag, env="development"):
    return stack.admin.call("GET", f"{stack.home}/flags/{flag}/environments/{env}").json


def ranges(config):
    return config["fallthrough"]["split"]["ranges"]


def test_rollout_by_keys_moves_what_is_shown(stack):
    """5 % become 25 %: the review says exactly who moves, two presses are one change, and Undo is another."""
    stack.create_flag("rollout")
    stack.configure("rollout", {"enabled": True, "fallthrough": split(5)})
    before = configuration(stack, "rollout")
    stack.flow("editor_rollout", flag="rollout")
    after = configuration(stack, "rollout")
    assert after["version"] == before["version"] + 2, "published once, undone once"
    assert ranges(after) == ranges(before)


def test_rule_by_text(stack):
    """A rule is typed, its mistake is underlined where it stands, and what is published is what was meant."""
    stack.create_flag("rule")
    stack.configure("rule", {"enabled": True, "fallthrough": OFF})
    stack.flow("editor_rule_text", flag="rule")
    rules = configuration(stack, "rule")["rules"]
    assert [rule["serve"] for rule in rules] == [ON]
    assert rules[0]["when"] == {"all": [{"attribute": "city", "op": "one_of", "values": ["Zürich", "🎉"]},
                                        {"attribute": "/app/version", "op": "version_gte", "values": ["2.1"]}]}


def test_rules_reordered_by_keys(stack):
    """A rule is taken, moved by the arrow keys and dropped; another one by Move to position."""
    stack.create_flag("order")
    rules = [{"id": name, "when": f'country is "{name}"', "serve": ON} for name in ("a", "b", "c")]
    stack.configure("order", {"enabled": True, "fallthrough": OFF, "rules": rules})
    stack.flow("editor_reorder", flag="order")
    assert [rule["id"] for rule in configuration(stack, "order")["rules"]] == ["c", "b", "a"]


def test_draft_survives_reload(stack):
    """What was not published is there after the page has been loaded again, and undone step by step."""
    stack.create_flag("kept")
    before = configuration(stack, "kept")
    stack.flow("editor_draft_kept", flag="kept")
    assert configuration(stack, "kept") == before


def test_two_people(stack):
    """Without an overlap a draft goes on top by itself; with one, there are three columns and nothing is lost."""
    for flag in ("apart", "overlap"):
        stack.create_flag(flag)
        stack.configure(flag, {"enabled": True, "fallthrough": split(5)})
    stack.flow("editor_two_people", token=stack.admin.token, api=stack.control.url)
    apart = configuration(stack, "apart")
    assert apart["off"] is None and ranges(apart) == [[0, 25000, "on"]]
    assert ranges(configuration(stack, "overlap")) == [[0, 25000, "on"]]


def test_why_is_not_sent(stack):
    """An answer and its tree from the address' fragment; no byte of the context in any request."""
    stack.create_flag("asked")
    stack.configure("asked", {"enabled": True, "fallthrough": OFF, "rules": [{"id": "beta", "when": 'plan is "pro"', "serve": ON}]})
    stack.flow("editor_why", flag="asked")
