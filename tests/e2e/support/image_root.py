"""The root file systems of the images, and programs in them as a container runs them: without privileges, over a read-only root."""
import pathlib
import re
import subprocess

from support.processes import Process
from support.stack import BIN, ROOT

USER = 65532
# $0 is the root, $1 the folder that becomes the volume. What comes after is run by the process that this began as.
ENTER = """set -e
root=$0 volume=$1
shift
mount --bind "$root" "$root"
mount -o remount,bind,ro "$root"
mount --bind "$volume" "$root/var/lib/fanion"
mount --rbind /dev "$root/dev"
mount -t proc proc "$root/proc"
cd /
exec chroot --userspec=%d:%d "$root" "$@"
""" % (USER, USER)


def make_image_root(image, folder):
    """What deploy/docker/IMAGE.Dockerfile makes, from the programs of this build."""
    staging, root = pathlib.Path(folder) / f"{image}-staging", pathlib.Path(folder) / image
    dockerfile = (ROOT / f"deploy/docker/{image}.Dockerfile").read_text()
    programs = re.search(r"make-root /staging /image((?:\s+\\?\s*/\S+)*)$", dockerfile, re.M).group(1).replace("\\", "").split()
    for command in (["stage", image, BIN.parent, staging], ["make-root", staging, root, *programs]):
        done = run_script(*command)
        assert done.returncode == 0, done.stdout + done.stderr
    return root


def run_script(name, *arguments, env=None):
    return subprocess.run([ROOT / "deploy/images" / name, *map(str, arguments)], capture_output=True, text=True, timeout=300,
                          check=False, env=env)


class Container:
    """One image's program with a volume and an environment of its own; it shares the machine's network."""

    def __init__(self, root, volume, **environment):
        self.root, self.volume = pathlib.Path(root), pathlib.Path(volume)
        self.volume.mkdir(exist_ok=True)
        subprocess.run(["chown", "-R", f"{USER}:{USER}", self.volume], check=True)
        self.environment = environment

    def command(self, *arguments):
        environment = [f"{name}={value}" for name, value in self.environment.items()]
        return ["env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", *environment, "unshare", "--mount", "--propagation", "private",
                "sh", "-c", ENTER, str(self.root), str(self.volume), *map(str, arguments)]

    def run(self, *arguments):
        """The exit status, standard output and standard error of a command that ends."""
        done = subprocess.run(self.command(*arguments), capture_output=True, text=True, timeout=120, check=False)
        return done.returncode, done.stdout, done.stderr

    def start(self, *arguments, log):
        return Process(self.command(*arguments), log).start()
