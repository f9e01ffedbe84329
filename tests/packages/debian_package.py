"""What tests look at in a Debian package."""
import os
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
PLAIN = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8", "HOME": "/nonexistent"}


def run(*command, env=None, **more):
    """Its standard output; a failure shows everything."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, env={**PLAIN, **(env or {})},
                          timeout=more.pop("timeout", 3600), **more)
    if done.returncode != 0:
        raise AssertionError(f"{command}: exit code {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done.stdout


class DebianPackage:
    def __init__(self, path):
        self.path = pathlib.Path(path)
        fields = [line.split(": ", 1) for line in run("dpkg-deb", "-f", path).splitlines() if not line.startswith(" ")]
        self.control = {field[0]: field[1] for field in fields if len(field) == 2}
        self.name = self.control["Package"]

    def files(self):
        """path -> (mode, owner), of everything but folders."""
        found = {}
        for line in run("dpkg-deb", "-c", self.path).splitlines():
            mode, owner, _, _, _, path = re.split(r" +", line, maxsplit=5)
            if not mode.startswith("d"):
                found[path.removeprefix(".").split(" -> ")[0]] = (mode, owner)
        return found

    def scripts(self, folder):
        """The control files, by name."""
        target = pathlib.Path(folder, self.name)
        run("dpkg-deb", "-e", self.path, target)
        return {path.name: path for path in target.iterdir()}

    def extract(self, folder):
        run("dpkg-deb", "-x", self.path, folder)


def packages_in(folder):
    return {package.name: package for package in map(DebianPackage, sorted(pathlib.Path(folder).glob("*.deb")))}


def make_packages(build, folder):
    """Of a build folder, quickly: compressed less than those that are published."""
    run("cpack", "--config", pathlib.Path(build, "CPackConfig.cmake"), "-B", folder, "-D", "CPACK_DEBIAN_COMPRESSION_TYPE=gzip",
        env={"SOURCE_DATE_EPOCH": "1700000000", "PATH": os.environ["PATH"]})
    return packages_in(folder)
