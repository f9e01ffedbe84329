"""How the pages look: each of them in several looks, in the states that each can be in, with what is as large as it may be."""
import datetime
import os
import pathlib
import shutil
import sys
import tempfile

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from scene import Scene, large  # noqa: E402
from site_of_pages import DashboardStack  # noqa: E402
from support.stack import ROOT  # noqa: E402

PICTURES = ("flags", "flag", "editor", "why", "play", "compare", "audit", "evaluations")
KEEPS = "FLOW_SHOTS" in os.environ  # a folder for shots of all pages; without it they are of those only in which something is wrong


@pytest.fixture(scope="module")
def stack():
    directory = pathlib.Path(tempfile.mkdtemp(prefix="fanion-"))
    with DashboardStack(directory) as running:
        yield running
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture(scope="module")
def places(stack):
    return Scene(stack).build()


def test_pages(stack, places):
    """Nothing sticks out, narrow, wide, and from right to left; axe finds nothing in light, and in dark on a narrow page."""
    stack.flow("pages", places=places, keeps=KEEPS)


def test_states(stack, places):
    """Loading, error, denied, offline and empty."""
    stack.admin.call("POST", f"/orgs/{stack.org}/projects", {"key": "bare", "name": "Bare"})
    empty = {name: f"/{stack.org}/bare/{name}" for name in ("flags", "segments", "schedules", "rollouts", "cleanup", "evaluations")}
    stack.flow("states", places=places, empty=empty, keeps=KEEPS)


def test_large(stack):
    """Keys of 100 characters, 30 environments, 100 variations."""
    stack.flow("large", places=large(stack), keeps=KEEPS)


def test_pictures(stack, places):
    """Those of docs/dashboard.md can be taken. With FANION_PICTURES=1 they are."""
    is_kept = os.environ.get("FANION_PICTURES") == "1"
    folder = ROOT / "docs/images/dashboard" if is_kept else stack.dir / "pictures"
    now = datetime.datetime.now(datetime.UTC).isoformat()
    stack.flow("pictures", places=places, pictures=PICTURES, folder=str(folder), now=now)
