"""Plain text from outside: what is broken in it is mended, what cannot stand in a page is left out."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

from harvester.ids import split_url

_NON_ASCII = re.compile(r"[^\x00-\x7f][^\x00-\x7f]+")  # one wrongly decoded character is at least two
# Windows-1252 as programs write it: its five holes are kept as C1 controls.
_HOLES = (0x81, 0x8D, 0x8F, 0x90, 0x9D)
_WINDOWS = {chr(byte) if byte in _HOLES else bytes([byte]).decode("cp1252"): byte for byte in range(0x80, 0x100)}
# All that ftfy takes for damage holds one of these: a character that is one by itself, or two in a row; loading it takes as
# long as reading a page of 200 kB. Two letters of the West in a row, the second a small one, are no sign.
_SUSPECT = "[\x80-\u04ff\u2000-\u231f\u2500-\u25ff\uf8ff\ufb00-\ufb06\ufffd]"
_DOUBTFUL = re.compile(
    f"{_SUSPECT}(?:(?<=[\x80-\x9f\u0152\u0153\xc2\xc3])"
    f"|(?!(?<=[\xc0-\xd6\xd8-\xf6\xf8-\xff])[\xdf-\xf6\xf8-\xff]){_SUSPECT})"
)
# Marks that reverse or isolate the direction of text (they can make a line read as another one), and controls.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]"
)
_BOX = re.compile(r"\[([ xX])\][ \t]+(?=\S)")
_SURROGATES = re.compile("[\ud800-\udfff]")
_SPACES = re.compile(r"\s+")
_URL_UNSAFE = re.compile(r"""[\s<>"`\\^{|}\x00-\x1f\x7f-\x9f]""")
_PLAIN_URL = re.compile(r"https?://[A-Za-z0-9./_?=&#%:~+,;@!*'$-]+")  # nothing in it needs a second look
_PLAIN_HOST = re.compile(r"https?://[A-Za-z0-9.-]+(?:[/?#]|$)")
_SCHEMES = ("http", "https", "mailto", "ftp")
_NO_TARGET = ("None", "#")  # what scripts write where they know no address


def one_line(text: str) -> str:
    """Returns the text in one line: spaces and line ends become one space, invisible marks and controls go."""
    if text.isprintable() and "  " not in text:  # the only space that is printable is the common one
        return text.strip()
    seen = _SURROGATES.sub("\ufffd", _UNSEEN.sub("", text))
    return _SPACES.sub(" ", seen).strip()


def read_box(text: str) -> str:
    """Writes a task's box in front of a bullet (`[ ]`, `[x]`) as the sign that a reader sees."""
    found = _BOX.match(text)
    return f"{'☐' if found[1] == ' ' else '☑'} {text[found.end() :]}" if found else text


def mend_encoding(line: str) -> str:
    """Undoes mojibake in one line; a line that is not broken comes back as it is.

    A run of non-ASCII characters that is valid UTF-8 after being encoded as Mac Roman or Windows-1252 was decoded
    wrongly: text in use is hardly ever such a run, because UTF-8 allows few sequences. ftfy's own guess comes last: it
    passes over three damaged lines of the seed lists, where emoji became a private character of the Mac.
    """
    if line.isascii():
        return line
    mended = _NON_ASCII.sub(_mend_run, line)
    if mended != line or not _DOUBTFUL.search(line):
        return mended
    from ftfy import fix_encoding

    return fix_encoding(line)


def _mend_run(run: re.Match[str]) -> str:
    """Undoes the first encoding that fits; one that leaves a lone combining mark ("é" of Windows) only as the last."""
    fitting = []
    for encode in (_as_mac, _as_windows):
        try:
            mended = encode(run[0]).decode("utf-8")
        except UnicodeError:
            continue
        if all(unicodedata.category(char) not in ("Cc", "Cn", "Co") for char in mended):
            fitting.append(mended)
    return min(fitting, key=lambda mended: unicodedata.category(mended[0]) == "Mn", default=run[0])


def _as_mac(run: str) -> bytes:
    return run.encode("mac_roman")


def _as_windows(run: str) -> bytes:
    return bytes(_WINDOWS.get(char, 0xFF) for char in run)  # 0xFF is in no UTF-8


def clean_url(url: str) -> str | None:
    """Returns the address as a page may hold it, or None where it must not be a link (`javascript:`, `data:`, empty).

    Characters that could end a Markdown link are percent-encoded, parentheses only where they are not balanced; a
    relative address stays relative.
    """
    if _PLAIN_URL.fullmatch(url):
        return url
    found = one_line(url)
    scheme, colon, _ = found.partition(":")
    if colon and re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*", scheme) and scheme.lower() not in _SCHEMES:
        return None
    if not found or found in _NO_TARGET:
        return None
    safe = _URL_UNSAFE.sub(lambda bad: quote(bad[0]), found)
    return safe if _balanced(safe) else safe.replace("(", "%28").replace(")", "%29")


def _balanced(url: str) -> bool:
    if "(" not in url and ")" not in url:
        return True
    depth = 0
    for char in url:
        depth += (char == "(") - (char == ")")
        if depth < 0:
            return False
    return depth == 0


def is_web(url: str) -> bool:
    """Tells whether the address is one of the web, with a host."""
    if _PLAIN_HOST.match(url):
        return True
    parts = split_url(url)
    return parts.scheme in ("http", "https") and bool(parts.netloc)
