"""The images as deploy/images/build makes them, and deploy/compose as a whole, in a real container engine.

Takes minutes, and packages of its own (deploy/install-packages containers): tests/deep images.
"""
import json
import os
import pathlib
import re
import shutil
import sys
import tempfile

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))

from containers.engine import Engine, run  # noqa: E402
from support.processes import free_port, http, wait_for  # noqa: E402
from support.stack import BIN, ROOT, ofrep_value  # noqa: E402

IMAGES = ("relay", "control-plane", "cli")
PROGRAMS = {"relay": "fanion-relay", "control-plane": "fanion-control-plane", "cli": "fanion"}
SIZE_LIMIT = 40 * 1024 * 1024
PORTS = ("API", "RELAY_1", "RELAY_2", "EXAMPLE", "PROMETHEUS", "GRAFANA")


@pytest.fixture(scope="module")
def folder():
    made = pathlib.Path(tempfile.mkdtemp(prefix="fanion-containers-"))
    yield made
    shutil.rmtree(made, ignore_errors=True)


def base(folder):
    """A Debian that mmdebstrap makes, or has made."""
    return pathlib.Path(os.environ.get("FANION_DEBIAN_TAR", folder / "debian.tar"))


def build(folder, name, *images):
    run(ROOT / "deploy/images/build", "--programs", BIN.parent, "--base", base(folder), "--output", folder / name, *images)
    return folder / name


@pytest.fixture(scope="module")
def layouts(folder):
    return build(folder, "images", *IMAGES)


@pytest.fixture(scope="module")
def engine(folder, layouts):
    running = Engine(folder)
    try:
        for image in IMAGES:
            running.load(layouts / image, f"localhost/fanion-{image}:0.1.0")
        running.stand_in(base(folder), {"postgres": "localhost/postgres:15-bookworm", "prometheus": "localhost/prom/prometheus:v2.53.0",
                                                 "python": "localhost/python:3.11-slim-bookworm", "grafana": "localhost/grafana/grafana:11.1.0"})
        yield running
    finally:
        running.remove()


def blob(layout, descriptor):
    return json.loads((layout / "blobs" / descriptor["digest"].replace(":", "/")).read_text())


def manifest_of(layout):
    return blob(layout, json.loads((layout / "index.json").read_text())["manifests"][0])


def test_images_are_small_and_say_how_they_run(layouts):
    for image, program in PROGRAMS.items():
        manifest = manifest_of(layouts / image)
        config = blob(layouts / image, manifest["config"])["config"]
        assert config["User"] == "65532:65532"
        assert config["Entrypoint"] == [f"/usr/bin/{program}"]
        assert list(config["Volumes"]) == ["/var/lib/fanion"]
        size = sum(layer["size"] for layer in manifest["layers"])
        print(f"{image}: {size / 1024 / 1024:.1f} MiB, compressed")
        assert image != "relay" or size <= SIZE_LIMIT
    config = blob(layouts / "relay", manifest_of(layouts / "relay")["config"])["config"]
    assert set(config["ExposedPorts"]) == {"8080/tcp", "9090/tcp"} and config["StopSignal"] == "SIGTERM"


def test_the_same_programs_give_the_same_bytes(folder, layouts):
    again = build(folder, "again", "relay")
    files = [{file.relative_to(layout): file.read_bytes() for file in layout.rglob("*") if file.is_file()}
             for layout in (layouts / "relay", again / "relay")]
    assert files[0] == files[1]


class Compose:
    """deploy/compose, copied, with ports of its own."""

    def __init__(self, engine, folder):
        self.engine = engine
        self.dir = folder / "deploy/compose"
        shutil.copytree(ROOT / "deploy", folder / "deploy", ignore=shutil.ignore_patterns("secrets"))
        self.ports = {name: free_port() for name in PORTS}
        self.env = {**engine.env, **{f"FANION_{name}_PORT": str(port) for name, port in self.ports.items()}}

    def up(self):
        return run(self.dir / "up", env=self.env).stdout

    def call(self, *arguments, check=True):
        return run(self.env["FANION_COMPOSE"], *arguments, env=self.env, cwd=self.dir, check=check)

    def container(self, service):
        label = f"label=com.docker.compose.service={service}"
        return self.engine.podman("ps", "--all", "--quiet", "--filter", label).stdout.split()[0]

    def secret(self, name):
        return (self.dir / "secrets" / name).read_text()

    def example(self, user):
        answer = http("GET", f"http://127.0.0.1:{self.ports['EXAMPLE']}/{user}")
        return answer.body.decode() if answer else ""

    def targets(self):
        """Instance -> health, of Prometheus' targets."""
        answer = http("GET", f"http://127.0.0.1:{self.ports['PROMETHEUS']}/api/v1/targets?state=active")
        active = answer.json["data"]["activeTargets"] if answer else []
        return {target["labels"]["instance"]: target["health"] for target in active}


@pytest.fixture
def compose(engine, folder):
    running = Compose(engine, folder)
    yield running
    running.call("down", "--volumes", "--timeout", "1", check=False)


class PublishedRelay:
    def __init__(self, port):
        self.url = f"http://127.0.0.1:{port}"


def test_compose_runs_from_nothing_to_an_evaluated_flag(engine, compose):
    printed = compose.up()
    assert "created" in printed and compose.secret("owner.password") not in printed
    assert (compose.dir / "secrets").stat().st_mode & 0o777 == 0o700
    assert "the old checkout (DISABLED)" in compose.example("alice")

    compose.call("--profile", "tools", "run", "--rm", "-T", "--no-deps", "cli", "flag", "on", "new-checkout")
    wait_for(lambda: "the new checkout" in compose.example("alice"), "the example has the change")
    for name in ("RELAY_1", "RELAY_2"):
        relay = PublishedRelay(compose.ports[name])
        wait_for(lambda r=relay: ofrep_value(r, compose.secret("example.key").strip(), "new-checkout", {"targetingKey": "u"}) is True, name)
    wait_for(lambda: set(compose.targets().values()) == {"up"} and len(compose.targets()) == 4, f"all are scraped: {compose.targets()}")

    reader = 'PGPASSWORD=$(cat /run/secrets/grafana-reader.password) exec psql -h postgres -U fanion_grafana -d fanion -Atc "$0"'
    read = engine.podman("exec", compose.container("grafana"), "sh", "-c", reader, "SELECT key FROM flags")
    assert read.stdout == "new-checkout\n"

    for service in ("control-plane", "relay-1", "example-relay"):
        state = engine.inspect(compose.container(service))
        assert state["HostConfig"]["ReadonlyRootfs"] and not state["EffectiveCaps"], service
        assert state["Config"]["User"] == "65532:65532"
    text = json.dumps([engine.inspect(compose.container(service)) for service in ("postgres", "control-plane", "relay-1", "example")])
    for name in ("postgres.password", "database.password", "relay.key", "example.key"):
        assert compose.secret(name).strip() not in text, name

    assert "already exists" in compose.up()
    engine.podman("stop", compose.container("control-plane"), compose.container("postgres"))
    assert "the new checkout" in compose.example("bob")
    for relay in ("relay-1", "relay-2"):
        engine.podman("stop", "--time", "60", compose.container(relay))
        assert engine.inspect(compose.container(relay))["State"]["ExitCode"] == 0
    assert "the new checkout" in compose.example("carol"), "the relay beside the example needs no other"
    logs = engine.podman("logs", compose.container("relay-1"))
    assert re.search(r'"event":"stopped"', logs.stdout + logs.stderr)
