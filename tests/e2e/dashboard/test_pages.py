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


@pytest.fixture(scope="module")
def stack():
    directory = pathlib.Path(tempfile.mkdtemp(prefix="fanion-"))
    with DashboardStack(directory) as running:
        yield running
    shots = os.environ.get("FANION_SHOTS")  # a folder that outlives the run
    if shots:
        shutil.copytree(directory / "shots", shots, dirs_exist_ok=True)
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture(scope="module")
def places(stack):
    return Scene(stack).build()


@pytest.mark.parametrize("look", ["light", "narrow", "rtl", "wide"])
def test_pages(stack, places, look):
    """Nothing sticks out; axe finds nothing in light, and in dark on a narrow page."""
    stack.flow("pages", look=look, places=places, deep=look in ("light", "narrow"))


def test_states(stack, places):
    """Loading, error, denied, offline and empty."""
    stack.admin.call("POST", f"/orgs/{stack.org}/projects", {"key": "bare", "name": "Bare"})
    empty = {name: f"/{stack.org}/bare/{name}" for name in ("flags", "segments", "schedules", "rollouts", "cleanup", "evaluations")}
    stack.flow("states", places=places, empty=empty)


def test_large(stack):
    """Keys of 100 characters, 30 environments, 100 variations."""
    stack.flow("large", places=large(stack))


def test_pictures(stack, places):
    """Those of docs/dashboard.md can be taken. With FANION_PICTURES=1 they are."""
    is_kept = os.environ.get("FANION_PICTURES") == "1"
    folder = ROOT / "docs/images/dashboard" if is_kept else stack.dir / "pictures"
    now = datetime.datetime.now(datetime.UTC).isoformat()
    stack.flow("pictures", places=places, pictures=PICTURES, folder=str(folder), now=now)
