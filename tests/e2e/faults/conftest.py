import pathlib
import shutil
import tempfile

import pytest

from support.stack import Stack


@pytest.fixture(scope="module")
def shared():
    """One stack with a boolean flag `f` that serves false, and a server key, for all tests of a file."""
    directory = pathlib.Path(tempfile.mkdtemp(prefix="fanion-"))
    with Stack(directory) as running:
        running.create_flag("f")
        running.key = running.create_key("server")
        yield running
    shutil.rmtree(directory, ignore_errors=True)
