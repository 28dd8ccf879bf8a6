"""E-mails as they go over the wire: a text, and the same as HTML with its styles within, as mail readers want it."""

from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from functools import cache

from css_inline import CSSInliner
from jinja2 import Environment, StrictUndefined, Template

from kit.sending import Mail

HTML = """<!doctype html>
<html lang="{{ language }}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light">
<title>{{ subject }}</title>
<style>
body { margin: 0; padding: 24px 12px; background: #f3f5f2; color: #1d2a20; font: 16px/1.5 Georgia, serif; }
main { max-width: 560px; margin: 0 auto; padding: 28px; background: #ffffff; border-radius: 6px; }
h1 { margin: 0 0 16px; font-size: 22px; line-height: 1.25; }
p { margin: 0 0 14px; }
.button { display: inline-block; padding: 10px 18px; background: #1f5c36; color: #ffffff; border-radius: 4px;
  text-decoration: none; }
footer { max-width: 560px; margin: 14px auto 0; color: #5a665d; font-size: 13px; }
footer a { color: #5a665d; }
</style>
</head>
<body>
<main>
<h1>{{ subject }}</h1>
{% for paragraph in paragraphs %}<p>{{ paragraph }}</p>
{% endfor %}{% if url %}<p><a class="button" href="{{ url }}">{{ label }}</a></p>
{% endif %}</main>
{% if unsubscribe %}<footer><a href="{{ unsubscribe }}">{{ ending }}</a></footer>
{% endif %}</body>
</html>
"""
ENDING = {"en": "No more of these e-mails", "es": "No quiero recibir más de estos correos"}


@cache
def _template() -> Template:
    return Environment(autoescape=True, undefined=StrictUndefined).from_string(HTML)


@cache
def _inliner() -> CSSInliner:
    return CSSInliner(load_remote_stylesheets=False)


def html_of(mail: Mail) -> str:
    """Write an e-mail as HTML. What people have written is text in it, whatever signs it has."""
    page = _template().render(
        language=mail.language,
        subject=mail.subject,
        paragraphs=mail.paragraphs,
        url=mail.url,
        label=mail.label,
        unsubscribe=mail.unsubscribe,
        ending=ENDING[mail.language],
    )
    return _inliner().inline(page)


def text_of(mail: Mail) -> str:
    """Write an e-mail as plain text."""
    parts = [*mail.paragraphs]
    if mail.url:
        parts.append(f"{mail.label}: {mail.url}")
    if mail.unsubscribe:
        parts.append(f"{ENDING[mail.language]}: {mail.unsubscribe}")
    return "\n\n".join(parts) + "\n"


def message_of(mail: Mail, *, sender: str, now: datetime) -> EmailMessage:
    """Write an e-mail with its headers. Its Message-ID is the same at each try."""
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = mail.to
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{mail.id}@{parseaddr(sender)[1].rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = mail.language
    if mail.unsubscribe:
        message["List-Unsubscribe"] = f"<{mail.unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(text_of(mail))
    message.add_alternative(html_of(mail), subtype="html")
    return message
