"""Canary and blue/green of units, by systemctl, here or on other machines through ssh. Which build a unit runs, and which rollout is
under way, is in its drop-in (units.py); which units get requests is in HAProxy."""
import posixpath
import re
import shlex

from delivery import queries, units
from delivery.errors import NoPrometheus, NoTarget, Unsafe, Usage
from delivery.haproxy import HAProxy

WRITE = 'umask 022; mkdir -p "$(dirname "$1")" && cat >"$1.new" && mv -f "$1.new" "$1"'
# Restarts of the build before do not count against the new one. A unit that never ran has nothing to forget.
RESTART = 'systemctl reset-failed "$1" 2>/dev/null; systemctl restart "$1"'


class Systemd:
    in_place = True  # the new build takes the place of the old one, unit by unit
    def __init__(self, commands, waiting, options, prometheus):
        self.commands, self.waiting, self.options, self.prometheus = commands, waiting, options, prometheus
        self.haproxy = HAProxy(options.haproxy, commands.report, commands.dry_run) if options.haproxy else None
        self.blue, self.green = options.unit, options.other_unit
        self.changed, self.restarted_at = [], None  # units whose drop-in names the new build
        self.sure = set()  # those of them that are known to run it

    # -- what is there ---------------------------------------------------------------------------------------------------------

    def find(self):
        """Reads the units. Afterwards size, before and unfinished say what is there."""
        self.texts = {unit: self._read(unit, "cat", unit.name) for unit in [*self.blue, *self.green]}
        self.own = {unit: self._own_command(unit) for unit in self.texts}
        noted = {unit: units.notes(text) for unit, text in self.texts.items()}
        self.runs = {unit: noted[unit].get("Build") or units.program_of(self.own[unit]) for unit in self.texts}
        under_way = [unit for unit in self.texts if noted[unit].get("Rollout")]
        self.was = {unit: noted[unit]["Before"] if unit in under_way else self.runs[unit] for unit in self.texts}
        if self.green:
            self._find_sides(under_way)
        self.size, self.running = len(self.blue), ", ".join(sorted({self.runs[unit] for unit in self.blue}))
        self.before = ", ".join(sorted({self.was[unit] for unit in self.blue}))
        self.unfinished = None
        if under_way:
            self.unfinished = {"strategy": noted[under_way[0]]["Rollout"], "stage": self._stage(under_way), "before": self.before,
                               "build": noted[under_way[0]]["Build"], "count": len(under_way)}
            self.changed = under_way
            # After a kill a unit may have its drop-in and not be restarted; requests only moved when all were ready.
            self.sure = set(under_way) if self.unfinished["stage"] == "switch" else set()
        return self

    def _stage(self, under_way):
        """How far it came. Units that were made ready aside are in MAINT until requests move to them."""
        if not self.green:
            return "canary"
        known = self.haproxy.servers() if set(under_way) == set(self.green) else {}
        return "switch" if any(known[unit.server].split()[0] != "MAINT" for unit in self.green if known) else "prepare"

    def _find_sides(self, under_way):
        """Blue are the units that serve, green those that will: by the mark of a rollout, or else by who runs."""
        if not self.haproxy:
            raise Usage("blue-green on systemd wants --haproxy, the socket that moves requests")
        known = self.haproxy.servers()
        for unit in self.texts:
            if unit.server not in known:
                raise NoTarget(f"HAProxy has no server '{unit.server}', of {unit.shown}; there are {', '.join(sorted(known))}")
        if any(unit in under_way for unit in self.blue) or (
                not under_way and self._serving(self.green, known) and not self._serving(self.blue, known)):
            self.blue, self.green = self.green, self.blue

    @staticmethod
    def _serving(side, known):
        return any(known[unit.server].split()[0] in ("UP", "no") for unit in side)

    def _own_command(self, unit):
        commands = units.commands_of(units.without_drop_in(self.texts[unit]))
        if len(commands) != 1:
            raise NoTarget(f"{unit.shown} has {len(commands)} lines ExecStart; a build can replace one")
        return commands[0]

    @property
    def touched(self):
        """Whether a rollback has something to undo."""
        return bool(self.changed or self.green)

    def describe(self):
        names = ", ".join(unit.shown for unit in self.blue)
        return f"{names}: {self.running}" + (f"; aside: {', '.join(unit.shown for unit in self.green)}" if self.green else "")

    def check_build(self):
        build = self.options.build
        if not posixpath.isabs(build) or re.search(r"[\s%\"'\\;$]", build):
            raise Usage(f"--build {build}: on systemd it is the absolute path of a program, without blanks or quotes")
        if self.options.strategy == "blue-green" and not self.green:
            raise Usage("blue-green on systemd wants the units that stand aside: --other-unit")
        for unit in self.green or self.blue:
            self._on(unit, "read", "test", "-x", build, failure=f"--build {build}: there is no such program")
        if self.options.strategy == "canary":
            for unit in self.blue:
                if self._show(unit)["ActiveState"] != "active":
                    raise NoTarget(f"{unit.shown} does not run; a canary begins with units that do")

    def job(self):
        return None

    def selector(self):
        """Matchers of the series of the units that run the new build."""
        return self._matcher(self.changed)

    @staticmethod
    def _matcher(some):
        return "instance=~" + queries.quote("|".join(re.escape(unit.instance).replace("\\-", "-") for unit in some))

    def problems(self):
        if self.commands.dry_run:
            return []
        return [problem for unit in self.changed for problem in self._problems(unit)]

    def _problems(self, unit):
        """While it is `activating` it may still become ready; systemd starting it again by itself is a failure."""
        shown = self._show(unit)
        if shown.get("NRestarts", "0") != "0":
            yield f"{unit.shown} has ended and was started again: {shown['NRestarts']} times ({shown.get('Result', '')})"
        elif shown["ActiveState"] not in ("active", "activating", "reloading"):
            yield f"{unit.shown} is {shown['ActiveState']} ({shown.get('Result', '')})"

    # -- canary ----------------------------------------------------------------------------------------------------------------

    def canary(self, count, _step):
        for unit in self.blue[:count]:
            if unit not in self.sure:
                self._replace(unit)

    def promote(self):
        if self.options.strategy == "canary":
            self.canary(self.size, None)

    def finish(self):
        """What is new is what was meant: the marks of the rollout go. Of blue/green, the units that stand aside now are stopped."""
        if self.options.strategy == "blue-green":
            self._retire(self.blue)
            for unit, verb in [*((unit, "disable") for unit in self.blue), *((unit, "enable") for unit in self.green)]:
                self._on(unit, "change", "systemctl", verb, unit.name)
        for unit in self.changed:
            self._write(unit, self.options.build)
        self._reload(self.changed)

    def rollback(self):
        """As it was, whatever was reached. What takes requests away from the new build comes first."""
        if self.options.strategy == "blue-green":
            for unit in self.blue:
                self._on(unit, "change", "systemctl", "start", unit.name)
            self._move_requests(self.green, self.blue)
            self._retire(self.green)
        for unit in self.changed:
            self._restore(unit)
        self._reload(self.changed)
        if self.options.strategy == "canary":
            for unit in self.changed:
                self._restart(unit)
            if self.restarted_at is None and not self.commands.dry_run:
                self.commands.report.say("  Prometheus cannot be asked whether they are ready")
            else:
                self._await_ready(self.changed)

    # -- blue/green ------------------------------------------------------------------------------------------------------------

    def prepare(self):
        for unit in self.green:
            self.haproxy.set_state(unit.server, "maint")
        for unit in self.green:
            if unit not in self.sure:
                self._replace(unit)

    def switch(self):
        self._move_requests(self.blue, self.green)

    def _move_requests(self, old, new):
        """There is a moment in which both get some, and none in which nobody does."""
        for unit in new:
            self.haproxy.set_state(unit.server, "ready")
        if not self.commands.dry_run:
            def look():
                known = self.haproxy.servers()
                down = [unit.server for unit in new if known[unit.server].split()[0] not in ("UP", "no")]
                return not down, f"HAProxy's servers that are not up: {', '.join(down)}" if down else "HAProxy's servers are up"
            self.waiting.until(look, "HAProxy finds servers not up")
        for unit in old:
            self.haproxy.set_state(unit.server, "drain")

    def _retire(self, side):
        for unit in side:
            self.haproxy.set_state(unit.server, "maint")
        for unit in side:
            self._on(unit, "change", "systemctl", "stop", unit.name)

    # -- how -------------------------------------------------------------------------------------------------------------------

    def _replace(self, unit):
        """The unit runs the new build, and Prometheus has heard that it is ready."""
        self._write(unit, self.options.build, (self.options.strategy, self.was[unit]))
        self.changed += [unit] if unit not in self.changed else []
        self._reload([unit])
        self._restart(unit)
        self._await_ready([unit])
        self.sure.add(unit)

    def _restart(self, unit):
        try:
            self.restarted_at = self.prometheus.time()
        except NoPrometheus:
            self.restarted_at = None
        self._on(unit, "change", "sh", "-c", RESTART, "sh", unit.name, what=f"{unit.shown}: systemctl restart")

    def _await_ready(self, some):
        if self.commands.dry_run or not some:
            return
        since = self.restarted_at or 0

        def look():
            if found := [problem for unit in some for problem in self._problems(unit)]:
                raise Unsafe("not_ready", found[0])
            series = self.prometheus.series(queries.ready_since(self._matcher(some)))
            heard = {labels.get("instance") for labels, at in series if at > since}
            missing = [unit.shown for unit in some if unit.instance not in heard]
            return not missing, f"not ready yet, says Prometheus: {', '.join(missing)}" if missing else "ready, says Prometheus"

        self.waiting.until(look, f"{', '.join(unit.shown for unit in some)}: not ready")

    def _restore(self, unit):
        if self.was[unit] == units.program_of(self.own[unit]):
            self._on(unit, "change", "rm", "-f", self._path(unit))
        else:
            self._write(unit, self.was[unit])

    def _write(self, unit, build, under_way=()):
        self._on(unit, "change", "sh", "-c", WRITE, "sh", self._path(unit), text=units.drop_in(self.own[unit], build, under_way),
                 what=f"{unit.shown}: {self._path(unit)} says {build}")

    def _path(self, unit):
        return f"{self.options.unit_dir}/{unit.name}.d/{units.DROP_IN}"

    def _reload(self, some):
        for unit in {unit.host: unit for unit in some}.values():
            self._on(unit, "change", "systemctl", "daemon-reload")

    def _show(self, unit):
        shown = units.properties(self._read(unit, "show", "--property=ActiveState,Result,NRestarts", unit.name))
        if "ActiveState" not in shown:
            raise NoTarget(f"systemctl says nothing about {unit.shown}")
        return shown

    def _read(self, unit, *arguments):
        return self._on(unit, "read", "systemctl", *arguments)

    def _on(self, unit, how, *argv, failure=None, **options):
        """Runs a command where the unit is."""
        command = ["ssh", "-o", "BatchMode=yes", unit.host, shlex.join(argv)] if unit.host else [*argv]
        if how == "change" and unit.host and "what" not in options:
            options["what"] = f"{unit.host}: {shlex.join(argv)}"
        try:
            return getattr(self.commands, how)(*command, **options)
        except NoTarget as error:
            raise NoTarget(f"{unit.shown}: {failure}" if failure else str(error)) from None
