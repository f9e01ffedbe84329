"""What tests do to the machine they run on: mounts and network namespaces. These need root, and CI runs as root."""
import contextlib
import ctypes
import os
import shutil
import subprocess

import pytest

_libc = ctypes.CDLL(None, use_errno=True)
CLONE_NEWNET = 0x40000000


def require(*programs):
    """Skips the test, and says why, where it cannot be run."""
    if os.geteuid() != 0:
        pytest.skip("needs root: it mounts file systems or makes network namespaces")
    for program in programs:
        if shutil.which(program) is None:
            pytest.skip(f"needs the program {program}: deploy/install-packages test")


def run(*command):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}: {done.stderr}"


@contextlib.contextmanager
def small_disk(folder, mib):
    """A file system of its own at `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={mib}m,mode=755", "none", str(folder)],
                             capture_output=True, text=True, check=False)
    if mounted.returncode != 0:
        pytest.skip(f"cannot mount here: {mounted.stderr.strip()}")
    try:
        yield folder
    finally:
        run("umount", "-l", folder)


@contextlib.contextmanager
def network_of_its_own():
    """This thread, and all that it starts, are alone on a network with a loopback device."""
    with open("/proc/self/ns/net") as before:
        if _libc.unshare(CLONE_NEWNET) != 0:
            pytest.skip(f"cannot make a network namespace here: {os.strerror(ctypes.get_errno())}")
        try:
            run("ip", "link", "set", "lo", "up")
            yield
        finally:
            assert _libc.setns(before.fileno(), CLONE_NEWNET) == 0, os.strerror(ctypes.get_errno())


@contextlib.contextmanager
def black_hole(port):
    """Packets to and from the port vanish, also those of open connections."""
    run("nft", "add", "table", "inet", "fault")
    try:
        run("nft", "add", "chain", "inet", "fault", "input", "{ type filter hook input priority 0; }")
        run("nft", "add", "rule", "inet", "fault", "input", "tcp", "dport", port, "drop")
        run("nft", "add", "rule", "inet", "fault", "input", "tcp", "sport", port, "drop")
        yield
    finally:
        run("nft", "delete", "table", "inet", "fault")
