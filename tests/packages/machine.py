"""A Debian of its own: a new root file system, and systemd running in it. Needs root, for namespaces and mounts."""
import os
import pathlib
import re
import shutil
import subprocess
import time

HERE = pathlib.Path(__file__).resolve().parent
SYSTEM = ("systemd-sysv", "dbus", "curl", "ca-certificates", "init-system-helpers")  # nothing that our packages need of themselves
CLEAN = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8", "HOME": "/root", "DEBIAN_FRONTEND": "noninteractive"}
START_LIMIT = 600


def apt_sources():
    """Where this machine gets its packages."""
    folder = pathlib.Path("/etc/apt")
    found = [folder / "sources.list", *sorted(folder.glob("sources.list.d/*.sources")), *sorted(folder.glob("sources.list.d/*.list"))]
    return [path for path in found if path.is_file() and re.search(r"^(deb |URIs:)", path.read_text(), re.M)]


def make_base(archive):
    """The smallest Debian with systemd, as an archive; one that is there is used again."""
    if not archive.is_file():
        archive.parent.mkdir(parents=True, exist_ok=True)
        made = archive.with_suffix(".new.tar")
        subprocess.run(["mmdebstrap", "--variant=minbase", "--skip=cleanup/apt/lists", f"--include={','.join(SYSTEM)}", "bookworm", made,
                        *apt_sources()], check=True, timeout=3600)
        made.rename(archive)


class Machine:
    def __init__(self, folder, archive):
        self.root = pathlib.Path(folder)
        self.root.mkdir()
        self.log = self.root.with_suffix(".log")
        subprocess.run(["tar", "-C", self.root, "-xf", archive], check=True, timeout=600)
        for name in ("console-getty.service", "getty.target"):  # there is no terminal
            (self.root / "etc/systemd/system" / name).symlink_to("/dev/null")
        (self.root / "etc/machine-id").write_text("")
        self.process = self.first = None

    def before_start(self, command):
        """In the file system, with this machine's network: `command` is for bash."""
        (self.root / "etc/resolv.conf").unlink(missing_ok=True)
        shutil.copy("/etc/resolv.conf", self.root / "etc/resolv.conf")
        script = f'mount -t proc proc {self.root}/proc && exec chroot {self.root} bash -euc "$1"'
        environment = {**CLEAN, **{name: value for name, value in os.environ.items() if name.lower().endswith("_proxy")}}
        return self._finish(["unshare", "--mount", "--pid", "--fork", "bash", "-c", script, "-", command], environment, 1800)

    def start(self):
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(["unshare", "--pid", "--fork", "--kill-child", "--mount", "--uts", "--ipc", "--cgroup", "--net",
                                             HERE / "start_machine", self.root], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self.wait_for(self._is_running, "systemd to have started")

    def _is_running(self):
        if self.process.poll() is not None:
            raise AssertionError(f"systemd ended:\n{self.log.read_text()}")
        children = subprocess.run(["pgrep", "-P", str(self.process.pid)], capture_output=True, text=True).stdout.split()
        if not children or pathlib.Path(f"/proc/{children[0]}/comm").read_text().strip() != "systemd":
            return False
        self.first = children[0]
        done = self._call("systemctl is-system-running", 60)
        return done.stdout.strip() in ("running", "degraded")

    def stop(self):
        if self.process:
            self.process.kill()  # and with it process 1, and everything below
            self.process.wait()

    def _call(self, command, limit):
        return subprocess.run(["nsenter", "-t", self.first, "-a", "bash", "-euc", command], capture_output=True, text=True, timeout=limit,
                              env=CLEAN, stdin=subprocess.DEVNULL, check=False)

    def _finish(self, words, environment, limit):
        done = subprocess.run([str(word) for word in words], capture_output=True, text=True, timeout=limit, env=environment, stdin=subprocess.DEVNULL, check=False)
        if done.returncode != 0:
            raise AssertionError(f"{words[-1]}\nexit code {done.returncode}\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def run(self, command, limit=600):
        """In the running system: what it prints. `command` is for bash; one that fails shows everything."""
        return self._finish(["nsenter", "-t", self.first, "-a", "bash", "-euc", command], CLEAN, limit)

    def fails(self, command):
        done = self._call(command, 600)
        if done.returncode == 0:
            raise AssertionError(f"{command}\nhas not failed:\n{done.stdout}")

    def popen(self, command):
        return subprocess.Popen(["nsenter", "-t", self.first, "-a", "bash", "-euc", command], env=CLEAN, stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def property(self, unit, name):
        return self.run(f"systemctl show -P {name} {unit}").strip()

    @staticmethod
    def wait_for(holds, what):
        end = time.monotonic() + START_LIMIT
        while not holds():
            if time.monotonic() > end:
                raise AssertionError(f"waited {START_LIMIT} s for {what}")
            time.sleep(0.1)
