import pathlib
import shutil
import sys
import tempfile

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from support.stack import Stack  # noqa: E402


@pytest.fixture
def stack():
    """A fresh stack in a directory with a short path (Unix socket paths have at most 107 bytes). It is kept if the test fails."""
    directory = pathlib.Path(tempfile.mkdtemp(prefix="fanion-"))
    with Stack(directory) as running:
        yield running
    shutil.rmtree(directory, ignore_errors=True)
