"""What stands under and before the dashboard goes away, comes back, or is another than it was."""
import pathlib
import shutil
import sys
import tempfile

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from site_of_pages import DashboardStack  # noqa: E402
from support.processes import free_port, http  # noqa: E402
from support.stack import Stack  # noqa: E402


@pytest.fixture(scope="module")
def stack():
    directory = pathlib.Path(tempfile.mkdtemp(prefix="fanion-"))
    with DashboardStack(directory) as running:
        yield running
    shutil.rmtree(directory, ignore_errors=True)


def test_control_plane_gone_and_back(stack):
    """The page says since when, shows what it has, keeps what was typed, and comes back by itself."""
    stack.create_flag("drafted")
    stack.flow("control_plane_gone_and_back", flag="drafted",
               acts={"kill": stack.control.process.kill, "start": stack.control.start})


def test_two_replicas_one_killed(stack):
    """Behind a proxy nobody notices but by the mark; and a change of the moment in between is there."""
    second = stack.add_control_plane("control-2").start()
    stack.create_flag("replica-early")

    def kill():
        second.process.kill()
        stack.create_flag("replica-late")

    stack.flow("two_replicas_one_killed", acts={"kill": kill}, pages=stack.proxy(second.url, stack.control.url))


def test_path_prefix(stack):
    """All of it below a prefix of the path, which a proxy takes off."""
    stack.create_flag("prefixed")
    port = free_port()
    url = f"http://127.0.0.1:{port}/fanion"
    behind = stack.add_control_plane("control-3", "--public-url", url).start()
    assert stack.proxy(behind.url, prefix="/fanion", port=port) == url
    stack.flow("path_prefix", flag="prefixed", pages=url)
    behind.process.stop()


def test_old_page_after_upgrade(stack):
    """A page that asks for a file of the version before loads itself again, once."""
    assert http("GET", f"{stack.control.url}/ui/assets/Audit-00000000.js").status == 404
    stack.create_flag("upgraded")
    stack.flow("old_page_after_upgrade", flag="upgraded")


def test_dashboard_none(stack):
    """Without a dashboard, one line says what is there and how to add it; the API's description needs none."""
    stack.options = (*Stack.options, "--dashboard", "none")
    bare = stack.add_control_plane("control-4").start()
    for path in ("/", "/ui/", "/ui/acme/web/flags"):
        answer = http("GET", bare.url + path)
        text = answer.body.decode()
        assert answer.headers["Content-Type"].startswith("text/plain"), path
        assert len(text.strip().splitlines()) == 1 and "--dashboard" in text and "Fanion" in text, text
    docs = http("GET", f"{bare.url}/docs")
    assert docs.status == 200 and "/api/v1/auth/session" in docs.body.decode()
    assert http("GET", f"{bare.url}/openapi.json").json["openapi"].startswith("3.")
    bare.process.stop()
