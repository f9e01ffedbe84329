"""Pure: units of systemd, and the drop-in by which one of them runs another build.

A drop-in named as DROP_IN replaces the program of ExecStart and nothing else. While a rollout is under way its section X-Fanion, which
systemd ignores, says which one, and what ran before: whoever reads the unit with `systemctl cat` sees it.
"""
import dataclasses
import re

DROP_IN = "60-fanion-build.conf"
MADE = "# Made by deploy/rollout: another build of the unit's program."
PREFIXES = "@-:+!"


@dataclasses.dataclass(frozen=True)
class Unit:
    """[HOST:]UNIT=INSTANCE[=BACKEND/SERVER]: an instance of the program, its operators' port in Prometheus, its place in HAProxy."""
    host: str
    name: str
    instance: str
    server: str

    @property
    def shown(self):
        return f"{self.host}:{self.name}" if self.host else self.name


def parse_unit(text):
    """ValueError says what is wrong."""
    parts = text.split("=")
    host, _, name = parts[0].rpartition(":")
    if len(parts) not in (2, 3) or not re.fullmatch(r"[A-Za-z0-9@._\\-]+", name) or not re.fullmatch(r"[^\s=]+:\d+", parts[1]):
        raise ValueError(f"'{text}' is no unit; write UNIT=HOST:PORT, as in fanion-relay@a.service=10.0.0.1:9090")
    if host and not re.fullmatch(r"[A-Za-z0-9@._][A-Za-z0-9@._-]*", host):
        raise ValueError(f"'{text}': '{host}' is no host")
    if len(parts) == 3 and not re.fullmatch(r"[^\s/;]+/[^\s/;]+", parts[2]):
        raise ValueError(f"'{text}': '{parts[2]}' is no BACKEND/SERVER of HAProxy")
    return Unit(host, name if "." in name else name + ".service", parts[1], parts[2] if len(parts) == 3 else "")


def commands_of(text):
    """The ExecStart lines that are in force, after `systemctl cat`'s text without our drop-in."""
    found, section = [], ""
    for line in re.sub(r"\\\n", " ", text).splitlines():
        line = line.strip()
        if line.startswith("["):
            section = line
        elif section == "[Service]" and (match := re.fullmatch(r"ExecStart\s*=\s*(.*)", line)):
            found = [*found, match[1]] if match[1] else []
    return found


def without_drop_in(text):
    """`systemctl cat` prints files one after another, each below a comment with its path."""
    files = re.split(r"^(?=# /)", text, flags=re.M)
    return "".join(each for each in files if not each.split("\n", 1)[0].endswith("/" + DROP_IN))


def program_of(command):
    return command.lstrip(PREFIXES).split(None, 1)[0]


def with_program(command, program):
    head = command[:len(command) - len(command.lstrip(PREFIXES))]
    rest = command.lstrip(PREFIXES).split(None, 1)[1:]
    return " ".join([head + program, *rest])


def notes(text):
    """The section X-Fanion: {Build, Rollout, Before}."""
    section, found = "", {}
    for line in map(str.strip, text.splitlines()):
        if line.startswith("["):
            section = line
        elif section == "[X-Fanion]" and "=" in line:
            key, _, value = line.partition("=")
            found[key] = value
    return found


def drop_in(command, build, under_way=()):
    """Its text. `command`: the unit's own ExecStart; `under_way`: (the rollout's strategy, the program before)."""
    lines = [MADE, "[Service]", "ExecStart=", f"ExecStart={with_program(command, build)}", "", "[X-Fanion]", f"Build={build}"]
    return "\n".join([*lines, *(f"{key}={value}" for key, value in zip(("Rollout", "Before"), under_way))]) + "\n"


def properties(text):
    """What `systemctl show` prints."""
    return dict(line.split("=", 1) for line in text.splitlines() if "=" in line)
