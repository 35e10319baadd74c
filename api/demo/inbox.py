"""The page that shows the demo's mails: one file, no script, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from api.mail.sender import Mail

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="3">
<title>Demo inbox · Kierto</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 44rem; margin: 2rem auto; padding: 0 1rem; }}
article {{ border: 1px solid #8888; border-radius: .75rem; padding: 1rem 1.25rem; margin: 1rem 0; }}
h1 {{ font-size: 1.5rem; }} h2 {{ font-size: 1.1rem; margin: 0; }}
p.to {{ margin: 0; opacity: .75; font-size: .9rem; }}
pre {{ font: inherit; white-space: pre-wrap; margin: .75rem 0 0; }}
</style>
</head>
<body>
<h1>Demo inbox</h1>
<p>In demo mode no mail leaves this machine. What would have been sent appears here, newest first;
the page looks again every 3 seconds.</p>
{mails}
</body>
</html>
"""
_MAIL = """<article>
<h2>{subject}</h2>
<p class="to">to {to}, {at:%H:%M:%S} UTC</p>
<pre>{text}</pre>
</article>"""


def inbox_page(mails: Sequence[Mail]) -> str:
    """The whole page."""
    shown = [_MAIL.format(subject=escape(m.subject), to=escape(m.to), at=m.at, text=escape(m.text)) for m in mails]
    return _PAGE.format(mails="\n".join(shown) or "<p>Nothing has been sent yet.</p>")
