"""What people call a file: as somebody in the checkout would type it."""

from __future__ import annotations

from pathlib import Path

from harvester.settings import Settings


def spoken(settings: Settings, path: Path) -> str:
    """Names a path from the checkout, where it lies below; otherwise whole."""
    below = path.is_relative_to(settings.checkout)
    return (path.relative_to(settings.checkout) if below else path).as_posix()
