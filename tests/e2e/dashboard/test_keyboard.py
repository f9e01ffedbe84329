"""The dashboard without a pointer."""
import pathlib
import shutil
import sys
import tempfile

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from site_of_pages import DashboardStack  # noqa: E402


@pytest.fixture(scope="module")
def stack():
    directory = pathlib.Path(tempfile.mkdtemp(prefix="fanion-"))
    with DashboardStack(directory) as running:
        yield running
    shutil.rmtree(directory, ignore_errors=True)


def test_keyboard(stack):
    """The order of Tab, the focus in sight, keys that go to pages, the palette, and the focus after dialogs."""
    stack.create_flag("by-keys")
    stack.flow("keyboard", flag="by-keys",
               acts={"letters off": lambda: stack.admin.call("PUT", "/auth/me/preferences", {"letterKeys": False})})
