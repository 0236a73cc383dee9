from __future__ import annotations

from pathlib import Path

import pytest
from playing import Wires


@pytest.fixture
def wires(tmp_path: Path) -> Wires:
    return Wires(tmp_path)
