#!/usr/bin/env python3
"""The packages on a new Debian with systemd: installed and set up as docs/howto/install.md says, upgraded, purged.

    install_test.py OLD NEW WORK

OLD and NEW are folders with packages of two versions, WORK is one on a disk with room for some GiB. Needs root.
"""
import contextlib
import pathlib
import re
import shutil
import sys
import tempfile
import time

from debian_package import ROOT, packages_in, run
from machine import Machine, make_base

EXAMPLE = re.compile(r"^```sh\n(.*?)^```\n(?:```\n(.*?)^```$)?", re.M | re.S)
SERVICES = ("relay", "control-plane")
SECURITY_LIMIT = 20  # tenths of systemd-analyze's exposure


def step(text):
    print(f"== {text}", flush=True)


def check(holds, what):
    if not holds:
        raise AssertionError(what)


def same(found, wanted, what):
    check(found == wanted, f"{what}: {found!r}, not {wanted!r}")


def examples():
    """Of the page: what is run, and what it prints."""
    return [(code, shown or "") for code, shown in EXAMPLE.findall((ROOT / "docs/howto/install.md").read_text())]


def install(machine, folder, code):
    """The page's first example, with packages that are not published anywhere. The dependencies are Debian's."""
    target = machine.root / "root/packages"
    target.mkdir()
    for package in packages_in(folder).values():
        (target / package.path.name).write_bytes(package.path.read_bytes())
    machine.before_start("apt-get update -qq; cd /root/packages; " + code.replace("-y", "-y -qq --no-install-recommends"))
    for service in SERVICES:
        user = f"fanion-{service}"
        same(machine.before_start(f"stat -c '%a %U %G' /var/lib/fanion/{service} /etc/fanion/{service}.conf").splitlines(),
             [f"700 {user} {user}", f"640 root {user}"], "data and configuration")
        same(machine.before_start(f"getent passwd {user} | cut -d: -f6,7").strip(), f"/var/lib/fanion/{service}:/usr/sbin/nologin", "user")
        same(machine.before_start(f"systemctl is-enabled {user}").strip(), "enabled", user)
    same(machine.before_start("systemctl is-enabled fanion-backup.timer || true").strip(), "disabled", "backups without settings")
    same(machine.before_start("stat -c '%a %U %G' /var/lib/fanion/backups /etc/fanion/backup.env").splitlines(),
         ["700 fanion-backup fanion-backup", "640 root fanion-backup"], "backups and their settings")


def follow_the_page(machine, blocks):
    """All further examples in one shell. Returns the server key."""
    script = "".join(f"echo '-- {number}'\n{code}" for number, (code, _) in enumerate(blocks))
    printed = re.split(r"^-- \d+\n", machine.run(script + 'echo "-- 999"\necho "$server_key"\n'), flags=re.M)[1:]
    for (code, shown), text in zip(blocks, printed):
        check(not shown or text.strip() == shown.strip(), f"{code}\nprints\n{text}\nand the page shows\n{shown}")
    return printed[-1].strip()


def evaluation(key):
    return (f"curl -s --max-time 5 http://127.0.0.1:8080/ofrep/v1/evaluate/flags/new-checkout -H 'Authorization: Bearer {key}' "
            "-H 'Content-Type: application/json' -d '{\"context\":{\"targetingKey\":\"alice\"}}'")


def evaluates(machine, key):
    Machine.wait_for(lambda: '"value":true' in machine.run(evaluation(key) + " || true"), "the flag to be on")


def services_are_confined(machine):
    for service in SERVICES:
        unit = f"fanion-{service}"
        process = machine.property(unit, "MainPID")
        status = dict(line.split(":\t", 1) for line in machine.run(f"cat /proc/{process}/status").splitlines() if ":\t" in line)
        same((status["NoNewPrivs"], status["Seccomp"], status["CapEff"].strip("0")), ("1", "2", ""), f"{unit} is confined")
        same(machine.run(f"stat -c %U /proc/{process}").strip(), unit, "the process is the user's")
        limits = machine.run(f"cat /proc/{process}/limits")
        same(machine.property(unit, "LimitNOFILE"), "1048576", "open files")
        check(re.search(r"Max open files +(\d+) +\1 ", limits), limits)  # a container may allow fewer
        check(re.search(r"Max core file size +0 +0", limits), limits)
    for unit in (*(f"fanion-{service}.service" for service in SERVICES), "fanion-backup.service"):
        machine.run(f"systemd-analyze verify --man=no {unit}; systemd-analyze security --threshold={SECURITY_LIMIT} {unit}")
    machine.run("systemd-analyze verify --man=no fanion-backup.timer; systemctl is-active fanion-backup.timer")


def reloads(machine):
    for service in SERVICES:
        unit, file = f"fanion-{service}", f"/etc/fanion/{service}.conf"
        machine.run(f"sed -i 's/^#log-level =.*/log-level = debug/' {file}; systemctl reload {unit}")
        Machine.wait_for(lambda unit=unit: "configuration_reread" in machine.run(f"journalctl -q -o cat -u {unit}"), f"{unit} to reload")


def mistakes_are_named(machine):
    """One mistake, one line of the journal, no start after start."""
    machine.run("mv /etc/credstore/fanion.key-file /root/relay.key")
    machine.fails("systemctl restart fanion-relay")
    journal = machine.run("journalctl -q -o cat -n 20 -u fanion-relay")
    check("--key-file: cannot read /etc/fanion/relay.key" in journal, journal)
    same(machine.property("fanion-relay", "NRestarts"), "0", "starts after a mistake")
    machine.run("mv /root/relay.key /etc/credstore/fanion.key-file; systemctl start fanion-relay")


def processes_of(machine, user):
    """Their names, which the kernel shortens."""
    script = 'for process in /proc/[0-9]*; do [[ $(stat -c %U $process 2>/dev/null) != USER ]] || cat $process/comm; done'
    return machine.run(script.replace("USER", user)).split()


def has_a_private_database(machine):
    """The service may run PostgreSQL itself: the same confinement holds for it. Keys belong to a database, so it gets others."""
    variables, data = "/etc/default/fanion-control-plane", "/var/lib/fanion/control-plane/private"
    machine.run(f"printf 'FANION_EMBEDDED_POSTGRES={data}/postgres\nFANION_DATA_DIR={data}\n' >{variables}; systemctl restart fanion-control-plane")
    check("embedded_postgres_started" in machine.run("journalctl -q -o cat -u fanion-control-plane"), "no private PostgreSQL")
    machine.run(f"rm {variables}; systemctl restart fanion-control-plane")
    check("embedded_postgres_stopped" in machine.run("journalctl -q -o cat -u fanion-control-plane"), "PostgreSQL was not stopped in order")
    same(processes_of(machine, "fanion-control-plane"), ["fanion-control-"], "processes")


def asks_meanwhile(machine, key):
    """Evaluations, one after the other, until /root/done is there: the answers as lines of a file."""
    return machine.popen(f"until [[ -e /root/done ]]; do {evaluation(key)} -w '\\n' || echo 'no answer'; done >/root/answers")


def upgrade(machine, folder, key):
    packages = packages_in(folder)
    target = machine.root / "root/newer"
    target.mkdir()
    for package in packages.values():
        (target / package.path.name).write_bytes(package.path.read_bytes())
    before = {service: machine.property(f"fanion-{service}", "MainPID") for service in SERVICES}
    asking = asks_meanwhile(machine, key)
    Machine.wait_for(lambda: machine.run("cat /root/answers || true").strip(), "a first answer")
    machine.run("dpkg -i /root/newer/fanion-*.deb")
    Machine.wait_for(lambda: '"value":true' in machine.run(evaluation(key) + " || true"), "the flag to be on after the upgrade")
    machine.run("touch /root/done")
    asking.wait(timeout=60)
    answers = machine.run("cat /root/answers").splitlines()
    answered = [line for line in answers if line.startswith("{")]
    wrong = [line for line in answered if '"value":true' not in line]
    check(not wrong, f"wrong answers during the upgrade: {wrong[:5]}")
    print(f"   {len(answered)} evaluations during the upgrade, and {len(answers) - len(answered)} found no relay while it restarted")
    for service, process in before.items():
        unit = f"fanion-{service}"
        version = packages[unit].control["Version"]
        check(machine.property(unit, "MainPID") != process, f"{unit} was not restarted")
        same(machine.property(unit, "ActiveState"), "active", unit)
        check(machine.run(f"{unit} --version").strip().endswith(version), f"{unit} is not {version}")
        check("log-level = debug" in machine.run(f"cat /etc/fanion/{service}.conf").splitlines(), "the configuration was not kept")


def quickstart(machine):
    """Beside the services, with ports of its own."""
    for name in ("quickstart", "install-packages", "install-api-viewer"):
        target = machine.root / "root/source/deploy" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / "deploy" / name, target)
    begun = time.monotonic()
    said = machine.run("cd /root/source; export FANION_QUICKSTART_PORTS='7001 7002 7003 7004'; deploy/quickstart")
    print(f"   the quickstart took {time.monotonic() - begun:.0f} s")
    check("installed packages" in said and '"value":true' in said, said)
    machine.run("cd /root/source; FANION_QUICKSTART_PORTS='7001 7002 7003 7004' deploy/quickstart --down; rm -r /root/source /var/lib/fanion/quickstart")


def purge_keeps_backups(machine):
    """And with them the user; the package finds both again."""
    machine.run("dpkg --purge fanion-cli")
    check(machine.run("ls /var/lib/fanion/backups").strip(), "the backups are gone")
    machine.run("getent passwd fanion-backup; dpkg -i /root/newer/fanion-cli_*.deb; rm -r /var/lib/fanion/backups/*")


def purge(machine):
    machine.run("rm -r /root/newer /root/packages /etc/credstore/fanion.* /root/.config")
    machine.run("dpkg --purge fanion-cli fanion-relay fanion-control-plane")
    machine.fails("getent passwd fanion-relay fanion-control-plane fanion-backup")
    machine.fails("getent group fanion-relay fanion-control-plane fanion-backup")
    same(machine.run("cat /proc/[0-9]*/comm | grep fanion || true"), "", "processes that are left")
    same(machine.run("find / -xdev -iname '*fanion*' -not -path '/var/log/*'").split(), [], "files that are left")
    listed = "systemctl list-unit-files --no-legend 'fanion*' || true; systemctl list-units --no-legend --all 'fanion*'"  # fails for none
    same(machine.run(listed).strip(), "", "units")


def main():
    old, new, work = map(pathlib.Path, sys.argv[1:4])
    archive = work / "base.tar"
    begun = time.monotonic()
    step("a new Debian")
    make_base(archive)
    blocks = examples()
    with tempfile.TemporaryDirectory(dir=work, prefix="machine-") as folder:
        machine = Machine(pathlib.Path(folder, "root"), archive)
        with contextlib.ExitStack() as stack:
            stack.callback(machine.stop)
            step(f"the packages of {old} are installed")
            install(machine, old, blocks[0][0])
            step("systemd starts")
            machine.start()
            step("the page is followed: control plane, organisation, relay, evaluation, credentials")
            key = follow_the_page(machine, blocks[1:])
            evaluates(machine, key)
            step("the services are confined")
            services_are_confined(machine)
            step("they reload, and name mistakes")
            reloads(machine)
            mistakes_are_named(machine)
            evaluates(machine, key)
            step("the control plane runs a private PostgreSQL, and the other one again")
            has_a_private_database(machine)
            step(f"the packages of {new} are installed while applications ask")
            upgrade(machine, new, key)
            step("the quickstart runs with them")
            quickstart(machine)
            step("they are purged")
            purge_keeps_backups(machine)
            purge(machine)
    print(f"the installation holds ({time.monotonic() - begun:.0f} s)")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main()
