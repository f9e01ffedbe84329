"""The command line."""
import argparse
import os

from delivery import burn, durations, steps, units

DESCRIPTION = """\
Rolls out a build of the relay or of the control plane in steps. After each step it watches the error budget through Prometheus, by
burn rates over two windows each, and goes back by itself if the budget burns, an instance fails, or nothing is measured.

  canary       a few instances get the new build, then more, then all
  blue-green   the new build runs beside the old one, and gets all requests at once
  status       what runs, and whether a rollout is under way
  undo         takes back a rollout that was left or interrupted
  watch        the guard alone: runs --on-burn if the budget burns

Of Kubernetes name a --deployment, of systemd one --unit for each instance. State is in the cluster or the units, not in a file: a
rollout that was killed is found again (--resume, undo). docs/delivery.md describes all of it."""

EPILOG = """\
exit codes: 0 done; 1 rolled back, or `watch` saw it burn; 2 wrong usage; 3 nothing was changed, because Prometheus cannot be asked,
lacks what is needed, or the budget burns already; 4 nothing was changed, because there is no such deployment or unit, or kubectl or
systemctl refuses; 5 a rollback is not complete, and a person is needed; 130 interrupted."""


def checked(parse):
    """A type of argparse that passes on what a ValueError says."""
    def convert(text):
        try:
            return parse(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from None
    return convert


def windows(text):
    """14.4:1h:5m,6:6h:30m"""
    found = []
    for part in text.split(","):
        fields = part.split(":")
        try:
            rate, long, short = float(fields[0]), durations.parse(fields[1]), durations.parse(fields[2])
        except (ValueError, IndexError):
            raise ValueError(f"'{part}' is no pair of windows; write BURN:LONG:SHORT, as in 14.4:1h:5m") from None
        if len(fields) != 3 or not 0 < rate < 1e6 or not 0 < short <= long:
            raise ValueError(f"'{part}': the burn rate is above 0, and the long window not shorter than the short one")
        found.append(burn.Window(rate, long, short))
    return found


def share(text):
    number = float(text)
    if not 0 < number < 1:
        raise ValueError(f"'{text}' is no share between 0 and 1")
    return number


def number(text):
    found = int(text)
    if found < 0:
        raise ValueError(f"'{text}' is less than 0")
    return found


def pause(text):
    found = durations.parse(text)
    if found < 1:
        raise ValueError(f"'{text}' is less than a second")
    return found


def prometheus_options():
    found = argparse.ArgumentParser(add_help=False)
    group = found.add_argument_group("Prometheus")
    group.add_argument("--prometheus", metavar="URL", default=os.environ.get("FANION_PROMETHEUS", "http://127.0.0.1:9090"),
                       help="(environment: FANION_PROMETHEUS; http://127.0.0.1:9090)")
    group.add_argument("--prometheus-token-file", metavar="FILE", help="a bearer token")
    group.add_argument("--prometheus-ca", metavar="FILE", help="certificates of authorities, for https")
    group.add_argument("--program", choices=("relay", "control-plane"), default="relay", help="whose metrics are watched (relay)")
    group.add_argument("--job", help="its job in Prometheus (of a deployment, app.kubernetes.io/name; else fanion-PROGRAM)")
    group.add_argument("--windows", type=checked(windows), default=list(burn.PAGES), metavar="BURN:LONG:SHORT,..",
                       help="what burns (14.4:1h:5m,6:6h:30m, as the alerts that page)")
    group.add_argument("--budget", type=checked(share), metavar="SHARE", help="of requests that may fail (as recording.yml has it)")
    group.add_argument("--min-requests", type=checked(number), default=100, metavar="N",
                       help="a new build that had fewer is not judged (100)")
    group.add_argument("--min-errors", type=checked(number), default=10, metavar="N", help="so few failed requests burn nothing (10)")
    group.add_argument("--settle", type=checked(pause), default=60, metavar="TIME",
                       help="measured for less, a new build is not judged; at least two scrapes (60s)")
    group.add_argument("--error-ratio", action="append", default=[], metavar="QUERY",
                       help="a share of failed requests to watch as well; $window and $canary are replaced. May be repeated")
    group.add_argument("--even-if-burning", action="store_true", help="judge the new build alone, and begin although the job burns")
    group.add_argument("--on-burn", action="append", default=[], metavar="COMMAND",
                       help="run when the budget burns, before the rollback: 'fanion flag off KEY'. May be repeated")
    return found


def running_options(hold):
    found = argparse.ArgumentParser(add_help=False)
    group = found.add_argument_group("course")
    group.add_argument("--hold", type=checked(durations.parse), default=durations.parse(hold), metavar="TIME",
                       help=f"how long to watch ({hold})")
    group.add_argument("--interval", type=checked(pause), default=10, metavar="TIME", help="between two looks (10s)")
    group.add_argument("--log", metavar="FILE", help="a line of JSON for all that is done, appended")
    group.add_argument("--dry-run", action="store_true", help="read everything, print what would be done, change nothing")
    return found


def target_options():
    found = argparse.ArgumentParser(add_help=False)
    group = found.add_argument_group("Kubernetes")
    group.add_argument("--deployment", metavar="NAME", dest="target")
    group.add_argument("--namespace", metavar="NAME", help="(that of kubectl's context)")
    group.add_argument("--context", metavar="NAME", help="of kubectl's configuration")
    group.add_argument("--container", metavar="NAME", help="that has the build (relay, control-plane, or the only one)")
    group.add_argument("--service", metavar="NAME", help="that blue-green switches (the deployment's name)")
    group = found.add_argument_group("systemd")
    group.add_argument("--unit", type=checked(units.parse_unit), action="append", default=[],
                       metavar="[HOST:]UNIT=INSTANCE[=BACKEND/SERVER]",
                       help="an instance: its unit, its operators' port as Prometheus names it, and for blue-green its server in HAProxy")
    group.add_argument("--other-unit", type=checked(units.parse_unit), action="append", default=[], metavar="..",
                       help="blue-green: the units that stand aside; which side serves is found out")
    group.add_argument("--haproxy", metavar="SOCKET", help="its runtime API: a path, or HOST:PORT")
    group.add_argument("--unit-dir", default="/etc/systemd/system", metavar="DIR",
                       help="where drop-ins are written (/etc/systemd/system)")
    return found


def rollout_options():
    found = argparse.ArgumentParser(add_help=False)
    group = found.add_argument_group("rollout")
    group.add_argument("--build", metavar="IMAGE|PROGRAM", help="the image, or on systemd the path of the program")
    group.add_argument("--max-wait", type=checked(durations.parse), default=900, metavar="TIME",
                       help="beyond --hold, for measurements and requests; then it is rolled back (15m)")
    group.add_argument("--ready-timeout", type=checked(durations.parse), default=300, metavar="TIME",
                       help="for instances to be ready (5m)")
    group.add_argument("--before", metavar="COMMAND",
                       help="run before the first step, such as a migration; if it fails nothing is changed")
    group.add_argument("--on-interrupt", choices=("rollback", "leave"), default="rollback", help="what SIGINT and SIGTERM do (rollback)")
    group.add_argument("--resume", action="store_true", help="go on with a rollout that was left, in the step in which it was")
    return found


def parser():
    found = argparse.ArgumentParser(prog="rollout", description=DESCRIPTION, epilog=EPILOG,
                                    formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = found.add_subparsers(dest="command", required=True, metavar="COMMAND")
    guard, target, rollout = prometheus_options(), target_options(), rollout_options()

    def add(name, summary, *parents):
        return commands.add_parser(name, help=summary, description=summary, epilog=EPILOG, parents=parents)

    canary = add("canary", "in steps", target, rollout, guard, running_options("10m"))
    canary.add_argument("--steps", type=checked(steps.parse), default=steps.parse("1,25%,50%"), metavar="N|N%,..",
                        help="instances of the new build in each step before all (1,25%%,50%%)")
    add("blue-green", "all at once, with the old build ready to take over", target, rollout, guard, running_options("10m"))
    add("status", "what runs, and whether a rollout is under way", target)
    undo = add("undo", "take back a rollout that was left", target, guard, running_options("10m"))
    undo.add_argument("--ready-timeout", type=checked(durations.parse), default=300, metavar="TIME", help="(5m)")
    watch = add("watch", "the guard alone", guard, running_options("1h"))
    watch.add_argument("--selector", default="", metavar="MATCHERS",
                       help="of a new build to judge beside the job: instance=\"10.0.0.1:9090\"")
    return found
