"""How a rollout ends other than well. Each has the exit code that --help states."""


class Failure(Exception):
    """A message for the person who started it. Nothing was changed, unless the message says so."""
    code = 1


class Usage(Failure):
    code = 2


class NoPrometheus(Failure):
    """It cannot be asked, or it has not what a rollout must know before it begins."""
    code = 3


class NoTarget(Failure):
    """No such deployment or unit, or the platform refuses."""
    code = 4


class Stuck(Failure):
    """A rollback did not come to its end: a person is needed."""
    code = 5


class Unsafe(Exception):
    """The new build must go: raised while a rollout is under way, and answered by a rollback."""

    def __init__(self, reason, detail):
        super().__init__(detail)
        self.reason = reason


class Interrupted(Exception):
    """By SIGINT or SIGTERM."""
