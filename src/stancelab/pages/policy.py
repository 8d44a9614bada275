"""The Content-Security-Policy of a self-contained page: its own styles and scripts by their hashes, and nothing else.

A page may stand on any server and hold texts of strangers. Its templates escape them; the policy keeps a browser from
running or loading anything all the same.
"""

from __future__ import annotations

import base64
import hashlib
import re
from typing import Final

#: Where the policy comes: a comment in the page's head, before its first style. No text that is escaped holds it.
PLACE: Final = "<!-- policy -->"
#: An element without attributes is the page's own; data blocks have a type and are no scripts.
_OWN: Final = {name: re.compile(rf"<{name}>(.*?)</{name}>", re.DOTALL) for name in ("style", "script")}


def with_policy(page: str) -> str:
    """Return a page with its policy as a `<meta>` element in place of `PLACE`.

    Style attributes are not allowed by it, so that templates use classes; scripts assign no HTML (Trusted Types).
    """
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy_of(page)}">'
    return page.replace(PLACE, meta, 1)


def policy_of(page: str) -> str:
    """Return the policy of a page, which a server may send as a header besides."""
    allowed = {name: " ".join(map(_hashed, own.findall(page))) or "'none'" for name, own in _OWN.items()}
    return (
        f"default-src 'none'; style-src {allowed['style']}; script-src {allowed['script']}; base-uri 'none';"
        " form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )


def _hashed(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"
