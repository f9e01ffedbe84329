"""The images' root file systems, made from this build and the machine's libraries by the steps of the Dockerfiles, and run as
containers run them. tests/e2e/containers builds and runs the images themselves."""
import os
import pathlib
import shutil
import stat
import subprocess
import tempfile
import zlib

import pytest

from support.image_root import USER, Container, make_image_root, run_script
from support.processes import DEADLINE, free_port, http, wait_for
from support.stack import BIN, has_sanitizers, ofrep_value

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="needs root, for mounts")

PROGRAMS = {"relay": "fanion-relay", "control-plane": "fanion-control-plane", "cli": "fanion"}
SIZE_LIMIT = 40 * 1024 * 1024  # of the relay's image, compressed
IN_VOLUME = "/var/lib/fanion"


@pytest.fixture(scope="module")
def roots():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="fanion-images-"))
    folder.chmod(0o755)
    yield {image: make_image_root(image, folder) for image in PROGRAMS}
    shutil.rmtree(folder)


@pytest.fixture
def published(stack):
    """A flag that is on, and the folder that becomes the relay's volume, with what a relay needs to start."""
    stack.create_flag("f")
    stack.configure("f", {"enabled": True})
    volume = stack.dir / "volume"
    volume.mkdir()
    shutil.copy(stack.dir / "control" / "trust.json", volume)
    (volume / "relay.key").write_text(stack.create_key("relay"))
    (volume / "relay.key").chmod(0o600)
    return stack, volume, stack.create_key("server")


class ImageRelay:
    """fanion-relay in its image; `url` is where applications reach it."""

    def __init__(self, root, volume, **environment):
        self.url = f"http://127.0.0.1:{free_port()}"
        self.container = Container(
            root, volume, FANION_LISTEN=self.url.removeprefix("http://"), FANION_OPERATORS_LISTEN=f"0.0.0.0:{free_port()}",
            FANION_TRUST=f"{IN_VOLUME}/trust.json", FANION_THREADS="2", **environment)
        self.process = None

    def start(self, log):
        self.process = self.container.start("/usr/bin/fanion-relay", log=log)
        wait_for(lambda: self.healthcheck()[0] == 0 or not self.process.alive, "the relay is ready")
        assert self.process.alive, self.process.tail()
        return self

    def healthcheck(self, *options):
        return self.container.run("/usr/bin/fanion-relay", "healthcheck", *options)


def test_an_image_has_its_program_and_no_other(roots):
    for image, program in PROGRAMS.items():
        root = roots[image]
        assert [file.name for file in (root / "usr/bin").iterdir()] == [program]
        for file in root.rglob("*"):
            at, inside = file.lstat(), "/" + str(file.relative_to(root))
            owner = USER if inside in ("/var/lib/fanion", "/run/fanion") else 0
            assert (at.st_uid, at.st_gid) == (owner, owner), inside
            assert not at.st_mode & (stat.S_ISUID | stat.S_ISGID), inside
            if stat.S_ISREG(at.st_mode) and at.st_mode & 0o111:
                assert inside.startswith(("/usr/bin/fanion", "/usr/lib/")), inside
        packages = {file.name for file in (root / "var/lib/dpkg/status.d").iterdir()}
        assert {"libc6", "libssl3", "ca-certificates"} <= packages
        for package in packages:
            assert (root / "usr/share/doc" / package / "copyright").read_text(), package
            assert (root / "var/lib/dpkg/status.d" / package).read_text().startswith(f"Package: {package}\n")


@pytest.mark.skipif(has_sanitizers(), reason="programs with sanitizers are several times as large")
def test_the_relay_is_small(roots):
    packed = zlib.compressobj(1)  # as little as any registry's compression makes of it
    with subprocess.Popen(["tar", "-C", roots["relay"], "-c", "."], stdout=subprocess.PIPE) as tar:
        size = sum(len(packed.compress(block)) for block in iter(lambda: tar.stdout.read(1 << 20), b"")) + len(packed.flush())
    print(f"the relay's image has {size / 1024 / 1024:.1f} MiB, compressed")
    assert size <= SIZE_LIMIT


def test_the_relay_serves_says_that_it_is_well_and_drains(roots, published):
    stack, volume, key = published
    relay = ImageRelay(roots["relay"], volume, FANION_UPSTREAM=stack.control.url, FANION_KEY_FILE=f"{IN_VOLUME}/relay.key",
                       FANION_CACHE_DIR=f"{IN_VOLUME}/cache", FANION_RELAY_ID="image", FANION_DRAIN_DELAY="10000")
    code, _, error = relay.healthcheck()
    assert code == 1 and "fanion-relay: no answer from 0.0.0.0:" in error and error.count("\n") == 1

    relay.start(stack.dir / "image.log")
    try:
        assert ofrep_value(relay, key, "f", {"targetingKey": "u"}) is True
        assert relay.healthcheck() == (0, "ready\n", "") and relay.healthcheck("--live") == (0, "alive\n", "")
        inside = dict(line.split(":\t", 1) for line in pathlib.Path(f"/proc/{relay.process.process.pid}/status").read_text().splitlines())
        assert set(inside["Uid"].split()) == {str(USER)} and int(inside["CapEff"], 16) == 0
        mounts = pathlib.Path(f"/proc/{relay.process.process.pid}/mountinfo").read_text()
        assert next(line for line in mounts.splitlines() if line.split()[4] == "/").split()[5].startswith("ro")

        relay.process.process.terminate()
        wait_for(lambda: "not ready: stopping" in relay.healthcheck()[2], "the relay drains")
        assert relay.healthcheck("--live")[0] == 0
        assert ofrep_value(relay, key, "f", {"targetingKey": "u"}) is True
        assert relay.process.process.wait(DEADLINE) == 0
    finally:
        relay.process.kill()


def test_the_relay_starts_from_a_bundle(roots, published):
    stack, volume, key = published
    bundle = Container(roots["cli"], volume, FANION_URL=stack.control.url, FANION_TOKEN=stack.admin.token, FANION_ORG=stack.org,
                       FANION_PROJECT=stack.project)
    code, out, error = bundle.run("/usr/bin/fanion", "bundle", "export", "--env", "development", "--trust", f"{IN_VOLUME}/trust.json",
                                  "--output", f"{IN_VOLUME}/bundle")
    assert code == 0, out + error
    stack.control.process.stop()
    relay = ImageRelay(roots["relay"], volume, FANION_BOOTSTRAP=f"{IN_VOLUME}/bundle", FANION_CACHE_DIR=f"{IN_VOLUME}/fresh",
                       FANION_DRAIN_DELAY="0").start(stack.dir / "image.log")
    try:
        assert ofrep_value(relay, key, "f", {"targetingKey": "u"}) is True
    finally:
        assert relay.process.stop() == 0


def test_the_control_plane_checks_its_health(roots, stack):
    image = Container(roots["control-plane"], stack.dir / "volume", FANION_OPERATORS_LISTEN=f"0.0.0.0:{stack.control.operators_port}")
    healthcheck = ("/usr/bin/fanion-control-plane", "healthcheck")
    assert image.run(*healthcheck) == (0, "ready\n", "")
    stack.take_database_away()
    wait_for(lambda: "not ready: the database is unavailable" in image.run(*healthcheck)[2], "the control plane notices")
    assert image.run(*healthcheck, "--live") == (0, "alive\n", "")
    code, _, error = image.run("/usr/bin/fanion-control-plane", "serve")
    assert code == 2 and "no database" in error
    code, _, error = image.run(*healthcheck, "--operators-listen", "127.0.0.1:0")
    assert code == 2 and "--operators-listen" in error
    assert http("GET", stack.control.operators + "/livez").status == 200


def test_what_cannot_be_made_is_refused(roots, tmp_path):
    staging = tmp_path / "staging"
    (staging / "usr/bin").mkdir(parents=True)
    relay = (BIN / "fanion-relay").read_bytes()
    program = staging / "usr/bin/fanion-relay"
    program.write_bytes(relay.replace(b"libre2.so.9\0", b"libnone.so9\0"))
    program.chmod(0o755)
    done = run_script("make-root", staging, tmp_path / "missing")
    assert done.returncode == 1 and "libnone.so9" in done.stderr and "install-packages libraries" in done.stderr

    program.write_bytes(relay)
    own = tmp_path / "own"
    own.mkdir()
    shutil.copy(roots["relay"] / "usr/lib/x86_64-linux-gnu/libre2.so.9.0.0", own / "libre2.so.9")
    done = run_script("make-root", staging, tmp_path / "own-library", env={**os.environ, "LD_LIBRARY_PATH": str(own)})
    assert done.returncode == 1 and f"{own}/libre2.so.9 belongs to no package" in done.stderr

    assert "is not empty" in run_script("make-root", staging, roots["relay"]).stderr
    assert "there is no usr/bin" in run_script("make-root", own, tmp_path / "no-programs").stderr
    assert run_script("stage", "dashboard", BIN.parent, tmp_path / "x").returncode == 2
    assert "not a build folder" in run_script("stage", "relay", tmp_path, tmp_path / "x").stderr
