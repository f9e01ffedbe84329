#!/usr/bin/env python3
"""The real programs run with what the charts give them: a database made as deploy/helm/examples/cloudnative-pg.yaml says, keys made
as docs/howto/kubernetes.md says, the migration job, the control plane, a relay and a sidecar, each with the environment, the files,
the user and the probes of its rendered pod. A flag is then evaluated through both relays, the job for backups makes one, and a
control plane runs with a signer beside it."""
import json
import os
import pathlib
import pwd
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
import unittest

import charts
import pods
import rules
import yaml

sys.path.insert(0, str(charts.ROOT / "tests/e2e"))

from support.processes import free_port, http, wait_for  # noqa: E402
from support.stack import PASSWORD, Admin  # noqa: E402

POSTGRES = pathlib.Path("/usr/lib/postgresql/15/bin")
SECONDS = 300  # patience with a busy machine


class Database:
    """A cluster of PostgreSQL as the operator CloudNativePG makes one from the example."""

    def __init__(self, folder):
        self.folder, self.port = folder, free_port()
        self.password = secrets.token_hex(12)
        as_root = os.geteuid() == 0
        self.user = {"user": "postgres", "group": "postgres", "extra_groups": []} if as_root else {}
        self.superuser = "postgres" if as_root else pwd.getpwuid(os.geteuid()).pw_name
        folder.mkdir()
        if as_root:
            shutil.chown(folder, "postgres", "postgres")

    def _run(self, *command, **more):
        done = subprocess.run([str(part) for part in command], cwd=self.folder, capture_output=True, text=True, timeout=SECONDS,
                              check=False, **self.user, **more)
        assert done.returncode == 0, done.stdout + done.stderr

    def start(self):
        self._run(POSTGRES / "initdb", "-D", self.folder / "data", "-U", self.superuser, "--auth-local=trust",
                  "--auth-host=scram-sha-256", "--no-sync")
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        self._run(POSTGRES / "pg_ctl", "start", "-w", "-t", SECONDS, "-D", self.folder / "data", "-l", self.folder / "log", "-o", options)
        (cluster,) = yaml.safe_load_all((charts.HELM / "examples/cloudnative-pg.yaml").read_text())
        initdb = cluster["spec"]["bootstrap"]["initdb"]
        owner, name = initdb["owner"], initdb["database"]
        self.sql("postgres", f"CREATE ROLE {owner} LOGIN PASSWORD '{self.password}'",
                 f"CREATE DATABASE {name} OWNER {owner} TEMPLATE template0 ENCODING '{initdb['encoding']}' "
                 f"LC_COLLATE '{initdb['localeCollate']}' LC_CTYPE '{initdb['localeCType']}'")
        self.sql(name, *initdb["postInitApplicationSQL"])
        self.name, self.uri = name, self.uri_of(owner, self.password, name)
        return self

    def uri_of(self, role, password, name=None):
        return f"postgresql://{role}:{password}@127.0.0.1:{self.port}/{name or self.name}"

    def sql(self, database, *statements):
        commands = [part for statement in statements for part in ("-c", statement)]
        self._run(POSTGRES / "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", self.folder, "-p", self.port, "-U", self.superuser,
                  "-d", database, *commands)

    def stop(self):
        if (self.folder / "data/postmaster.pid").exists():
            self._run(POSTGRES / "pg_ctl", "stop", "-m", "immediate", "-w", "-D", self.folder / "data")


def made_keys(folder):
    """By the commands of the page, without those of kubectl."""
    page = (charts.ROOT / "docs/howto/kubernetes.md").read_text()
    commands = [line for line in re.search(r"^## Keys$.*?^```\n(.*?)^```$", page, re.M | re.S)[1].splitlines()
                if line.startswith(("fanion ", "openssl "))]
    assert len(commands) == 3, commands
    folder.mkdir()
    subprocess.run(["bash", "-e", "-c", "\n".join(commands)], cwd=folder, check=True, capture_output=True, timeout=SECONDS,
                   env={"PATH": f"{pods.BIN}:{os.environ['PATH']}", "HOME": str(folder)})
    return {file.name: file.read_text() for file in (folder / "keys").iterdir()}


class Programs(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="fanion-pods-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        cls.folder.chmod(0o755)
        cls.charts = charts.Charts()
        cls.addClassCleanup(cls.charts.close)
        cls.database = Database(cls.folder / "postgres")
        cls.addClassCleanup(cls.database.stop)
        cls.database.start()
        cls.secrets = {"fanion-db-app": {"uri": cls.database.uri}, "fanion-keys": made_keys(cls.folder / "keys")}
        cls.addClassCleanup(lambda: [pod.stop(SECONDS) for pod in reversed(cls.running)])
        cls.running = []

    def container(self, objects, kind, name, program):
        """The container of this name of the only object of the kind."""
        ((owner, template),) = charts.pod_templates([charts.one(objects, kind)])
        (found,) = [each for each in charts.containers(template) if each["name"] == name]
        template["spec"].setdefault("securityContext", {})
        folder = self.folder / f"{owner['metadata']['name']}-{kind}-{name}"
        return pods.Container(template, found, self.secrets, folder, program)

    def start(self, container):
        self.running.append(container.start())
        return container.wait_ready()

    def evaluate(self, url, key):
        answer = http("POST", f"{url}/ofrep/v1/evaluate/flags/checkout", {"context": {"targetingKey": "alice"}},
                      {"Authorization": f"Bearer {key}"})
        return answer.json if answer is not None and answer.status == 200 else {}

    def apply_flags(self, url, token):
        """The job of the example with flags in a config map."""
        config, job = yaml.safe_load_all((charts.HELM / "examples/gitops-flags.yaml").read_text())
        self.assertEqual(list(rules.restricted([job])), [])
        self.secrets |= {"shop-flags": config["data"], "fanion-deployer": {"token": token}}
        applying = self.container([job], "Job", "apply", "fanion")
        applying.environment["FANION_URL"] = url
        self.assertIn("checkout", applying.run())

    def back_up(self, keys):
        """The job of the chart by a role that may read everything, into a folder; then what `fanion backup verify` says."""
        password = secrets.token_hex(12)
        self.database.sql(self.database.name, f"CREATE ROLE fanion_backup LOGIN BYPASSRLS PASSWORD '{password}'",
                          "GRANT pg_read_all_data TO fanion_backup")
        for_backups = self.folder / "backup-keys"
        subprocess.run([pods.BIN / "fanion", "backup", "keygen", "--dir", for_backups], check=True, capture_output=True, timeout=SECONDS)
        self.secrets |= {"fanion-backup": {"backup.crt": (for_backups / "backup.crt").read_text()},
                         "fanion-db-backup": {"uri": self.database.uri_of("fanion_backup", password)}}
        backup = {"enabled": True, "place": "/var/lib/fanion/backups", "volume": {"persistentVolumeClaim": {"claimName": "backups"}},
                  "database": {"existingSecret": "fanion-db-backup"}, "recipient": {"existingConfigMap": "fanion-backup"}}
        job = self.container(self.charts.with_values("fanion", {**keys, "backup": backup}), "CronJob", "backup", "fanion")
        job.run()
        verified = subprocess.run([pods.BIN / "fanion", "backup", "verify", "--place", job.folder / "var/lib/fanion/backups",
                                   "--key", for_backups / "backup.key"], capture_output=True, text=True, timeout=SECONDS, check=False)
        self.assertEqual(verified.returncode, 0, verified.stdout + verified.stderr)

    def sign_elsewhere(self, keys):
        """A control plane whose key is with the signer beside it: its own files have none, and a change is published."""
        signing_key = self.secrets["fanion-keys"].pop("signer.pem")
        self.secrets["fanion-signer"] = {"signer.pem": signing_key}
        signer = {"socket": "/run/fanion-signer/signer.sock", "sidecar": {"key": {"existingSecret": "fanion-signer"}}}
        pod = self.charts.with_values("fanion", {**keys, "signer": signer, "fullnameOverride": "signed"})
        beside = self.start(self.container(pod, "Deployment", "signer", "fanion"))
        control = self.start(self.container(pod, "Deployment", "control-plane", "fanion-control-plane"))
        self.assertEqual([file.name for file in control.folder.rglob("*.pem")], ["jwt.pem"])
        admin = Admin(f"http://127.0.0.1:{control.port('http')}")
        admin.login("owner@example.com")
        admin.call("POST", "/orgs/acme/projects/shop/flags", {"key": "signed", "type": "boolean"})
        self.assertEqual(control.stop(SECONDS), 0)
        self.assertEqual(beside.stop(SECONDS), 0)
        self.assertRegex(beside.log.read_text(), r"[1-9]\d* signatures, 0 refused, 0 failed")

    def test_from_an_empty_database_to_an_evaluation(self):
        keys = {"database": {"existingSecret": "fanion-db-app"}, "keys": {"existingSecret": "fanion-keys"}, "config": {"pool-size": 8}}
        objects = self.charts.with_values("fanion", {**keys, "grpc": {"enabled": True}})
        job = self.container(objects, "Job", "migrate", "fanion-control-plane")
        self.assertIn("migrations applied", job.run())
        self.assertIn("0 migrations applied", job.run())  # as before an upgrade
        control = self.start(self.container(objects, "Deployment", "control-plane", "fanion-control-plane"))
        self.assertIn('"iss":"fanion:acme"', control.log.read_text())
        url = f"http://127.0.0.1:{control.port('http')}"
        token = re.search(r"setup token[^\n]*?:\s*(\S+)", control.run("bootstrap", "--org", "acme", "--email", "owner@example.com"), re.I)
        admin = Admin(url)
        admin.call("POST", "/auth/setup", {"token": token.group(1), "password": PASSWORD})
        admin.login("owner@example.com")
        admin.call("POST", "/orgs/acme/projects", {"key": "shop", "name": "Shop"})
        self.apply_flags(url, admin.call("POST", "/orgs/acme/tokens", {"name": "deployer", "role": "maintainer"}).json["token"])
        made = {kind: admin.call("POST", "/orgs/acme/projects/shop/environments/production/keys", {"kind": kind, "name": kind}).json["key"]
                for kind in ("relay", "server")}

        own = {"relay.key": made["relay"], "trust.json": self.secrets["fanion-keys"]["trust.json"], "server.key": made["server"]}
        self.secrets |= {"fanion-relay": own, "fanion-trust": own, "checkout-relay": own}
        relay_values = {"upstream": [url, f"http://127.0.0.1:{free_port()}"], "environments": ["acme/shop/production"], "relayKey": {"existingSecret": "fanion-relay"},
                        "trust": {"existingConfigMap": "fanion-trust"}, "config": {"log-level": "warn", "attribute-names": "off"},
                        "drain": {"delayMillis": 100}}
        relay = self.start(self.container(self.charts.with_values("fanion-relay", relay_values), "Deployment", "relay", "fanion-relay"))
        sidecar_values = {"upstream": f"http://127.0.0.1:{relay.port('http')}", "existingSecret": "checkout-relay",
                          "environments": "acme/shop/production", "grpc": {"port": 8013, "keyName": "server.key"}}
        sidecar = self.start(self.container(self.charts.with_values("checkout", {"fanion-sidecar": sidecar_values}), "Deployment",
                                            "fanion-relay", "fanion-relay"))
        for place in (f"http://127.0.0.1:{relay.port('http')}", f"http://127.0.0.1:{sidecar.port(8080)}"):
            answer = wait_for(lambda at=place: self.evaluate(at, made["server"]), f"an evaluation at {place}")
            self.assertIs(answer["value"], True, json.dumps(answer))
        self.back_up(keys)
        for each in reversed(self.running):
            self.assertEqual(each.stop(SECONDS), 0, each.log.read_text()[-2000:])
        self.sign_elsewhere(keys)


if __name__ == "__main__":
    unittest.main()
