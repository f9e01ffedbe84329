"""Podman with everything that it keeps in one folder, and podman-compose over it."""
import json
import os
import pathlib
import resource
import shutil
import subprocess

from support.stack import CLIENTS, ROOT

LIMIT = 900  # seconds for one command; building an image installs packages


def run(*command, env=None, cwd=None, check=True):
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=LIMIT, check=False, env=env, cwd=cwd)
    if check:
        assert done.returncode == 0, f"{' '.join(map(str, command))}\n{done.stdout[-4000:]}{done.stderr[-4000:]}"
    return done


def limits():
    """What containers may have. By itself the engine asks for more than it is allowed to where the hard limits are low."""
    for name in ("NOFILE", "NPROC"):
        hard = resource.getrlimit(getattr(resource, f"RLIMIT_{name}"))[1]
        hard = 8192 if hard == resource.RLIM_INFINITY else min(hard, 8192)
        yield f'"{name.lower()}={hard}:{hard}"'


class Engine:
    def __init__(self, folder):
        self.dir = pathlib.Path(folder)
        runtime = "runc" if shutil.which("runc") else "crun"
        (self.dir / "containers.conf").write_text(
            f'[containers]\ndefault_ulimits = [{", ".join(limits())}]\n'
            f'[engine]\nruntime = "{runtime}"\ncgroup_manager = "cgroupfs"\nevents_logger = "file"\n'
            f'[network]\nnetwork_backend = "netavark"\nnetwork_config_dir = "{self.dir}/networks"\n')
        (self.dir / "storage.conf").write_text(
            f'[storage]\ndriver = "overlay"\ngraphroot = "{self.dir}/storage"\nrunroot = "{self.dir}/run"\n')
        self.env = {**os.environ, "CONTAINERS_CONF": str(self.dir / "containers.conf"),
                    "CONTAINERS_STORAGE_CONF": str(self.dir / "storage.conf"), "FANION_ENGINE": "podman",
                    "FANION_COMPOSE": str(CLIENTS / "python/bin/podman-compose")}

    def podman(self, *arguments, check=True):
        return run("podman", *arguments, env=self.env, check=check)

    def load(self, layout, name):
        """An OCI layout becomes the image NAME."""
        image = self.podman("pull", "--quiet", f"oci:{layout}:latest").stdout.strip()
        self.podman("tag", image, name)

    def stand_in(self, base, targets):
        """Images of this folder's Dockerfile over the base, a tar archive."""
        here = ROOT / "tests/e2e/containers"
        self.podman("import", "--quiet", base, "localhost/fanion-base")
        for target, name in targets.items():
            self.podman("build", "--quiet", "--isolation", "chroot", "--layers", "--build-arg", "BASE=localhost/fanion-base",
                        "--target", target, "--tag", name, "--file", here / "stand-in.Dockerfile", here)

    def inspect(self, container):
        return json.loads(self.podman("inspect", container).stdout)[0]

    def remove(self):
        self.podman("rm", "--all", "--force", "--time", "0", check=False)
        self.podman("network", "prune", "--force", check=False)
        self.podman("system", "reset", "--force", check=False)
