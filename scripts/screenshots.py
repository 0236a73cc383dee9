"""Pictures of rendered pages for the README: `python scripts/screenshots.py [--lists demo/lists] [--out docs/images]`.

A page becomes HTML with a stylesheet that resembles GitHub's, and Chromium takes its picture. Nothing is fetched: badges are
drawn here from their addresses, figures are grey boxes. Run `make demo` first; needs Chromium on the PATH.
"""

from __future__ import annotations

import argparse
import base64
import html
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import unquote, urlsplit

from markdown_it import MarkdownIt

# picture: page, and its height in pixels
PICTURES: dict[str, tuple[str, int]] = {
    "table-front": ("efficient-llm/README.md", 1180),
    "table-section": ("efficient-llm/quantization.md", 1180),
    "bullets": ("efficient-llm-plaza/README.md", 1500),
}
WIDTH = 1012  # of a README on GitHub, with its frame
COLORS = {"blue": "#007ec6", "red": "#e05d44", "lightgrey": "#9f9f9f", "success": "#44cc11"}
STYLE = """
body { font: 16px/1.5 -apple-system, "Segoe UI", "Noto Sans", Helvetica, Arial, sans-serif; color: #1f2328; margin: 0; }
article { width: 880px; margin: 24px auto; padding: 24px 32px; border: 1px solid #d1d9e0; border-radius: 6px; }
h1, h2 { border-bottom: 1px solid #d1d9e0b3; padding-bottom: .3em; }
h1 { font-size: 2em; margin: 0 0 16px; } h2 { font-size: 1.5em; } h3 { font-size: 1.25em; } h4 { font-size: 1em; }
h1, h2, h3, h4 { font-weight: 600; line-height: 1.25; } h2, h3, h4 { margin: 24px 0 16px; }
a { color: #0969da; text-decoration: underline; } p, ul, table { margin: 0 0 16px; } ul { padding-left: 2em; }
li + li { margin-top: .25em; } li > p { margin-top: 16px; } li ul { margin: 0; }
table { border-collapse: collapse; display: block; width: max-content; max-width: 100%; overflow: auto; }
th, td { border: 1px solid #d1d9e0; padding: 6px 13px; } th { font-weight: 600; } tr:nth-child(2n) { background: #f6f8fa; }
code { font: 85% ui-monospace, Menlo, Consolas, "Liberation Mono", monospace; background: #818b981f; padding: .2em .4em;
  border-radius: 6px; }
img { max-width: 100%; vertical-align: middle; }
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lists", type=Path, default=Path("demo/lists"))
    parser.add_argument("--out", type=Path, default=Path("docs/images"))
    given = parser.parse_args()
    browser = next(
        (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
    )
    if browser is None:
        print("Chromium is not on the PATH", file=sys.stderr)
        return 1
    given.out.mkdir(parents=True, exist_ok=True)
    for name, (page, height) in PICTURES.items():
        text = (given.lists / page).read_text(encoding="utf-8")
        take(browser, dressed(text), given.out / f"{name}.png", height)
        print(given.out / f"{name}.png", (given.out / f"{name}.png").stat().st_size, "bytes")
    return 0


def dressed(text: str) -> str:
    body = MarkdownIt("commonmark").enable("table").enable("strikethrough").render(text)
    body = re.sub(r"<!--.*?-->", "", body, flags=re.DOTALL)
    body = re.sub(
        r'(<img[^>]*?\bsrc=")([^"]*)(")', lambda found: found[1] + picture(html.unescape(found[2])) + found[3], body
    )
    return f'<!doctype html><meta charset="utf-8"><style>{STYLE}</style><article>{body}</article>'


def picture(url: str) -> str:
    drawn = badge(url) if urlsplit(url).netloc == "img.shields.io" else box()
    return "data:image/svg+xml;base64," + base64.b64encode(drawn.encode()).decode()


def badge(url: str) -> str:
    """Draws a static badge, and a dynamic one without its number."""
    parts = urlsplit(url)
    if not parts.path.startswith("/badge/"):
        return social("Star", "…")
    texts = re.split(r"(?<!-)-(?!-)", parts.path.removeprefix("/badge/"))
    shown = [
        unquote(text.replace("__", "\0").replace("_", " ")).replace("\0", "_").replace("--", "-") for text in texts
    ]
    if "style=social" in parts.query:
        return social(shown[0], shown[1])
    *words, color = shown
    fill = COLORS.get(color, f"#{color}")
    return flat(words, ["#555", fill] if len(words) == 2 else [fill])


def flat(words: list[str], fills: list[str]) -> str:
    widths = [6.9 * len(word) + 12 for word in words]
    drawn, at = "", 0.0
    for word, fill, width in zip(words, fills, widths, strict=True):
        drawn += f'<rect x="{at}" width="{width}" height="20" fill="{fill}"/>'
        drawn += f'<text x="{at + width / 2}" y="14" fill="#fff" text-anchor="middle">{html.escape(word)}</text>'
        at += width
    return svg(
        at, f'<clipPath id="r"><rect width="{at}" height="20" rx="3"/></clipPath><g clip-path="url(#r)">{drawn}</g>'
    )


def social(label: str, message: str) -> str:
    first, second = 7 * len(label) + 26, 7 * len(message) + 12
    frame = 'height="19" rx="3" fill="#fcfcfc" stroke="#d5d5d5"'
    drawn = f'<rect x=".5" y=".5" width="{first}" {frame}/><rect x="{first + 6.5}" y=".5" width="{second}" {frame}/>'
    points = "M8 0l2.2 5 5.4.5-4.1 3.6 1.2 5.3L8 11.6l-4.7 2.8 1.2-5.3L.4 5.5 5.8 5z"
    star = f'<path transform="translate(6 4) scale(.75)" d="{points}"/>'
    texts = f'<text x="22" y="14" font-weight="700">{label}</text>'
    return svg(
        first + second + 8, drawn + star + texts + f'<text x="{first + 12}" y="14" font-weight="700">{message}</text>'
    )


def svg(width: float, drawn: str) -> str:
    font = 'font-family="Verdana,DejaVu Sans,sans-serif" font-size="11"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="20" {font}>{drawn}</svg>'


def box() -> str:
    """Stands for a figure of a paper, which is not ours to print."""
    words = (
        '<text x="150" y="64" text-anchor="middle" fill="#8c959f" font-family="sans-serif" font-size="14">figure</text>'
    )
    rect = '<rect width="300" height="120" rx="6" fill="#eaeef2"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="300" height="120" viewBox="0 0 300 120">{rect}{words}</svg>'


def take(browser: str, page: str, out: Path, height: int) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        source = Path(scratch) / "page.html"
        source.write_text(page, encoding="utf-8")
        options = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
            f"--user-data-dir={scratch}/profile",
        ]
        picture_of = [f"--window-size={WIDTH},{height}", f"--screenshot={out.resolve()}", source.as_uri()]
        subprocess.run([browser, *options, *picture_of], check=True, capture_output=True, timeout=120)


if __name__ == "__main__":
    sys.exit(main())
