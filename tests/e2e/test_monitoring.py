"""deploy/monitoring against running programs: what it asks for is exported, and Debian's Prometheus, which scrapes them, answers each
query of the dashboards and can evaluate each rule; PostgreSQL answers those of the flag's dashboard, for its organisation alone."""
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.parse

import pytest
import yaml
from support.processes import Process, free_port, http, wait_for
from support.stack import ROOT, Stack, ofrep_value

sys.path[:0] = [str(ROOT / "tests/monitoring"), str(ROOT / "deploy/monitoring")]
sys.dont_write_bytecode = True

from dashboards import DASHBOARDS  # noqa: E402
from expressions import MONITORING, OWN, TARGET, Query, dashboards, family, panels, queries, recorded  # noqa: E402

FLAG = "new-checkout"
EMPTY = {panel["title"] for dashboard in DASHBOARDS for panel in dashboard["panels"]
         if isinstance(panel, dict) and panel.get("may_be_empty")}  # while all is well
# Of names that are not known before somebody sends them, of versions that are held, and of a program that does not run here.
LATER = {"fanion_relay_sdk_streams": [{"sdk": "x"}], "fanion_relay_sdk_evaluations_total": [{"sdk": "x"}],
         "fanion_relay_environment_evaluations_total": [{"env_id": "e", "org": "o"}],
         "fanion_control_plane_held_version_age_seconds": [{"env_id": "e"}],
         "fanion_relay_inject_reviews_total": [{"outcome": "added"}]}
SAMPLE = re.compile(r"(\w+)(?:\{(.*)\})? \S+")


class Watched:
    """A stack with all that exports metrics, a relay that is asked, and Prometheus."""

    def __init__(self, directory):
        self.directory = directory
        self.stack = Stack(directory)
        self.stack.options = (*Stack.options, "--sink-files", str(directory / "sink"))

    def __enter__(self):
        self.stack.__enter__()
        self.stack.create_flag(FLAG)
        self.stack.configure(FLAG, {"enabled": True})
        self.key = self.stack.create_key("server")
        self.relay = self.stack.add_relay("relay-1").start()
        self.prometheus = None
        return self

    def __exit__(self, *unused):
        if self.prometheus:
            self.prometheus.stop()
        self.stack.__exit__(*unused)

    def evaluate(self):
        assert [ofrep_value(self.relay, self.key, FLAG) for _ in range(20)] == [True] * 20

    def programs(self):
        return {"fanion-control-plane": self.stack.control, "fanion-relay": self.relay}

    def start_prometheus(self):
        """With the files of deploy/monitoring, but every second."""
        for file in ("recording.yml", "alerts.yml"):
            rules = yaml.safe_load((MONITORING / file).read_text())
            for group in rules["groups"]:
                group["interval"] = "1s"
            (self.directory / file).write_text(yaml.safe_dump(rules, sort_keys=False))
        config = yaml.safe_load((MONITORING / "prometheus.yml").read_text())
        config["global"] = {"scrape_interval": "1s", "evaluation_interval": "1s"}
        for job in config["scrape_configs"]:
            job["static_configs"] = [{"targets": [f"127.0.0.1:{self.programs()[job['job_name']].operators_port}"]}]
        (self.directory / "prometheus.yml").write_text(yaml.safe_dump(config))
        self.url = f"http://127.0.0.1:{free_port()}"
        self.prometheus = Process(["prometheus", f"--config.file={self.directory}/prometheus.yml", f"--web.listen-address={self.url[7:]}",
                                   f"--storage.tsdb.path={self.directory}/tsdb", "--log.level=warn"], self.directory / "prometheus.log")
        self.prometheus.start()
        wait_for(lambda: (http("GET", f"{self.url}/-/ready") or False) and http("GET", f"{self.url}/-/ready").status == 200,
                 "Prometheus is ready")

    def ask(self, path, **parameters):
        answer = http("GET", f"{self.url}/api/v1/{path}?{urllib.parse.urlencode(parameters)}")
        assert answer is not None and answer.status == 200, f"{path} {parameters}: {answer and answer.body.decode()}"
        return answer.json["data"]

    def answers(self, expression):
        for variable, value in (("$job", ".*"), ("$instance", ".*"), ("$__rate_interval", "10s")):
            expression = expression.replace(variable, value)
        assert "$" not in expression, expression
        return self.ask("query", query=expression)["result"]


@pytest.fixture
def watched():
    directory = pathlib.Path(tempfile.mkdtemp(prefix="fanion-"))
    with Watched(directory) as running:
        yield running
    shutil.rmtree(directory, ignore_errors=True)


def exported(text):
    """Name -> [labels] of every series."""
    found = {}
    for match in map(SAMPLE.fullmatch, text.splitlines()):
        if match:
            found.setdefault(match.group(1), []).append(dict(re.findall(r'(\w+)="([^"]*)"', match.group(2) or "")))
    return found


def missing(series):
    """What queries ask for and no program exports: metrics, labels, and values of labels."""
    own = {*OWN, *recorded()}
    for where, text in queries():
        for name, matchers in Query(text).metrics.items():
            if name in own:
                continue
            if name not in series and family(name) not in series:
                yield f"{where}: {name}"
            for label, operator, value in matchers:
                there = {labels.get(label) for labels in series.get(name, [])}
                asked = set(value.split("|")) if operator in ("=", "=~", "!~") else set()
                if label not in TARGET and asked - there:
                    yield f"{where}: {name}{{{label}={sorted(asked - there)}}}; there are {sorted(map(str, there))}"


def check_limits(watched):
    """What ratios of alerts divide by, and when things expire."""
    control, relay = watched.stack.control.metrics(), watched.relay.metrics()
    trust = json.loads((watched.stack.dir / "control" / "trust.json").read_text().splitlines()[-1])
    assert control["fanion_control_plane_signing_key_expires_seconds"] == trust["signers"][0]["not_after"] / 1000
    assert relay["fanion_relay_streams_limit"] == 2 * 10_000  # of two threads
    assert relay["fanion_relay_spool_limit_bytes"] == 256 * 1024 * 1024
    for metrics in (control, relay):
        assert metrics["fanion_ready"] == 1
        assert metrics['fanion_http_connections_limit{server="operators"}'] == 64
        assert 64 < metrics['fanion_http_connections_limit{server="public"}'] <= 20_000


def test_prometheus_answers_each_panel(watched):
    series = {}
    for program in watched.programs().values():
        series.update(exported(http("GET", program.operators + "/metrics").body.decode()))
    assert not [*missing({**series, **LATER})]
    check_limits(watched)

    watched.start_prometheus()
    asked = {(name.name, panel["title"], target["expr"]) for name, dashboard in dashboards().items()
             for panel in panels(dashboard) for target in panel["targets"] if "expr" in target}
    assert len(asked) > 100
    wait_for(lambda: len(scraped := watched.ask("query", query="count_over_time(up[1m])")["result"]) == 2
             and all(int(each["value"][1]) > 3 for each in scraped), "both were scraped, for a rate")
    empty = {query for query in asked if query[1] not in EMPTY}

    def all_answer():
        watched.evaluate()
        empty.difference_update([query for query in empty if watched.answers(query[2])])
        return not empty

    wait_for(all_answer, lambda: f"these panels have no data: {sorted(empty)}")
    for query in asked:
        watched.answers(query[2])  # those that may be empty are queries too

    def rules():
        return [rule for group in watched.ask("rules")["groups"] for rule in group["rules"]]

    wait_for(lambda: all(rule["health"] != "unknown" for rule in rules()), "every rule was evaluated")
    assert not [(rule["name"], rule.get("lastError")) for rule in rules() if rule["health"] != "ok"]
    assert len(rules()) > 80

    watched.relay.process.kill()
    wait_for(lambda: [alert for alert in watched.ask("alerts")["alerts"]
                      if alert["labels"]["alertname"] == "FanionDown" and alert["labels"]["job"] == "fanion-relay"],
             "the alert on a relay that is down is pending")


class Reader:
    """PostgreSQL as deploy/monitoring/grafana-reader.sql lets Grafana in."""

    def __init__(self, stack):
        self.directory = stack.dir / "pg"

    def psql(self, role, *arguments):
        return subprocess.run(["psql", "-X", "-q", "-A", "-t", "-h", self.directory, "-U", role, "-d", "fanion", *arguments],
                              capture_output=True, text=True, timeout=60, check=False)

    def make(self, org):
        return self.psql("fanion_owner", "-v", f"org={org}", "-v", "role=reader", "-f", MONITORING / "grafana-reader.sql")

    def rows(self, sql):
        done = self.psql("reader", "-c", sql)
        assert done.returncode == 0, f"{sql}\n{done.stderr}"
        return done.stdout.splitlines()


def expand(sql, values):
    """What Grafana makes of its macros and of variables."""
    sql = re.sub(r"\$__timeGroupAlias\((\w+), \$__interval\)", r"""floor(extract(epoch from \1)/60)*60 AS "time" """, sql)
    sql = re.sub(r"\$__timeFilter\((\w+)\)", r"\1 BETWEEN now() - interval '6 hours' AND now() + interval '1 minute'", sql)
    for name, value in values.items():
        sql = sql.replace("${%s:sqlstring}" % name, f"'{value}'")
    assert "$" not in sql, sql
    return sql


def test_postgresql_answers_each_panel_of_a_flag(watched):
    stack, reader = watched.stack, Reader(watched.stack)
    plan = {"flag": FLAG, "from": "off", "to": "on", "steps": [{"share": 1000, "hold": "1h"}, {"share": 100_000}]}
    watched.evaluate()
    stack.configure(FLAG, {"fallthrough": {"variation": "off"}})
    stack.admin.call("POST", f"{stack.home}/environments/development/rollouts", plan)
    unknown = reader.make("nobody")
    assert unknown.returncode != 0 and "there is no organisation with the key nobody" in unknown.stderr
    for _ in range(2):  # run again, it changes nothing
        made = reader.make(stack.org)
        assert made.returncode == 0, made.stderr

    dashboard = next(board for board in dashboards().values() if board["uid"] == "fanion-flag")
    values = {}
    for variable in dashboard["templating"]["list"][1:]:
        offered = [row.split("|") for row in reader.rows(expand(variable["query"], values))]
        wanted = {"project": stack.project, "environment": "development", "flag": FLAG}[variable["name"]]
        values[variable["name"]] = next(row[-1] for row in offered if row[0] == wanted)
    asked = {panel["title"]: expand(target["rawSql"], values) for panel in panels(dashboard) for target in panel["targets"]}
    assert len(asked) > 8
    empty = dict(asked)

    def all_answer():
        for title in [title for title, sql in empty.items() if reader.rows(sql)]:
            del empty[title]
        return set(empty) <= {"Decisions"}  # nothing was decided yet, perhaps

    wait_for(all_answer, lambda: f"these panels have no rows: {sorted(empty)}")

    stack.admin.call("POST", "/orgs", {"key": "other"})
    other = json.loads(reader.psql("fanion", "-c", "SELECT to_json(org_id) FROM fanion.orgs WHERE key = 'other'").stdout)
    seen = reader.rows(f"SET fanion.org_id = '{other}'; SELECT DISTINCT org_id FROM evaluation_counts")
    assert len(seen) == 1 and seen != [other]
    for sql in ("SELECT * FROM users", "SELECT salt FROM flags", "SELECT * FROM exposures", "DELETE FROM evaluation_counts",
                "SET default_transaction_read_only = off; DELETE FROM evaluation_counts"):
        assert "permission denied" in (refused := reader.psql("reader", "-c", sql)).stderr or "read-only" in refused.stderr, sql
