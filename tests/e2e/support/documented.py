"""What the documentation shows, as a program."""
import re
import types

from support.stack import ROOT


def documented_receiver(secret):
    """The module of the how-to page, with this secret."""
    page = (ROOT / "docs/howto/webhooks.md").read_text()
    code = re.search(r"^cat >receiver.py <<'END'\n(.*?)^END$", page, re.M | re.S).group(1)
    module = types.ModuleType("receiver")
    code = code.replace('os.environ["WEBHOOK_SECRET"]', repr(secret))
    exec(compile(code, "receiver.py", "exec"), module.__dict__)  # noqa: S102
    return module
