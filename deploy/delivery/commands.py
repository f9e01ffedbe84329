"""Programs that are run: kubectl, systemctl, ssh, and what --before and --on-burn say. Those that change something are logged, and
only printed in a dry run."""
import shlex
import subprocess

from delivery.errors import NoTarget


class Commands:
    def __init__(self, report, dry_run=False, timeout=600):
        self.report, self.dry_run, self.timeout = report, dry_run, timeout

    def _run(self, argv, text=None):
        try:
            # In a session of its own: Ctrl-C is for the rollout, which then ends this command's work in order.
            return subprocess.run(argv, input=text if text is not None else "", capture_output=True, text=True,
                                  timeout=self.timeout, check=False, start_new_session=True)
        except FileNotFoundError:
            raise NoTarget(f"there is no program {argv[0]} on the PATH") from None
        except OSError as error:
            raise NoTarget(f"{argv[0]}: {error}") from None
        except subprocess.TimeoutExpired:
            raise NoTarget(f"no end of {shlex.join(argv)} within {self.timeout} s") from None

    def read(self, *argv, may_fail=False):
        """What it prints. It changes nothing, so it runs in a dry run too."""
        done = self._run(argv)
        if done.returncode != 0 and not may_fail:
            raise NoTarget(f"{shlex.join(argv)}: {last_line(done)}")
        return done.stdout

    def change(self, *argv, text=None, what=None):
        """Runs it. `what` describes it to a person, instead of the command itself; `text` is its standard input."""
        shown = what or shlex.join(argv)
        if self.dry_run:
            self.report.say(f"  would run: {shown}")
            return
        self.report.note("command", command=shlex.join(argv))  # without its input, which may have secrets in an environment
        done = self._run(argv, text)
        if done.returncode != 0:
            self.report.note("command_failed", command=shlex.join(argv), status=done.returncode, output=last_line(done))
            raise NoTarget(f"{shown}: {last_line(done)}")

    def shell(self, command, what):
        """A command line of the person's own, as the shell reads it."""
        self.change("sh", "-c", command, what=f"{what}: {command}")


def last_line(done):
    """What a program says at its end, or its status."""
    lines = (done.stderr.strip() or done.stdout.strip()).splitlines()
    return lines[-1] if lines else f"exit status {done.returncode}"
