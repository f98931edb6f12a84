"""The adapter `email`: notifications go out over SMTP.

connect:
  adapter: email
  server: mail.example.com        # port: 25; encryption: none, starttls or tls; timeout: 10 seconds
  from: Shop <orders@example.com>
  user: shop
  password from: SHOP_MAIL_PASSWORD    # the name of an environment variable; no definition has a password

A message that is tried again has the same Message-ID, made of its key: whoever got it before knows it. What the server refuses,
and what did not reach it, is a failure with the server's own words, and tried again.
"""

from __future__ import annotations

import hashlib
import os
import smtplib
import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr

import msgspec
from msgspec import Struct

from orderloom.dsl.program import Program
from orderloom.engine.shell.ports import Delivery, Outgoing

PORTS = {"none": 25, "starttls": 587, "tls": 465}


class Settings(Struct, frozen=True, forbid_unknown_fields=True, rename={"sender": "from", "password_from": "password from"}):
    """The settings of one organization."""

    server: str
    sender: str
    port: int = 0
    encryption: str = "none"
    user: str = ""
    password_from: str = ""
    timeout: float = 10.0


def email(program: Program) -> Mail:
    """The adapter."""
    return Mail()


class Mail:
    """Sends messages of an organization over one connection; of those that share it none waits for another's fate."""

    def deliver(self, messages: Sequence[Outgoing], settings: Mapping[str, object]) -> Sequence[Delivery]:
        """One delivery for each message."""
        found = settings_of(settings)
        if isinstance(found, str):
            return [Delivery(message.key, failed=found) for message in messages]
        if not messages:
            return []
        try:
            with _connected(found) as server:
                return [Delivery(message.key, failed=_sent(server, message, found)) for message in messages]
        except (OSError, smtplib.SMTPException, ValueError) as fault:
            because = f"the mail server {found.server} cannot be reached: {_words(fault)}"
            return [Delivery(message.key, failed=because) for message in messages]


def settings_of(values: Mapping[str, object]) -> Settings | str:
    """The settings as they stand in `connect`, or in a sentence what is wrong with them."""
    try:
        found = msgspec.convert(values, Settings, strict=False)
    except msgspec.ValidationError as fault:
        return f"the settings of the adapter email are wrong: {fault}"
    if found.encryption not in PORTS:
        return f"encryption is one of {', '.join(PORTS)}, not {found.encryption}"
    if found.password_from and found.password_from not in os.environ:
        return f"the environment has no {found.password_from}, from which the password is to come"
    return found if "@" in parseaddr(found.sender)[1] else f"from has no e-mail address: {found.sender}"


@contextmanager
def _connected(settings: Settings) -> Iterator[smtplib.SMTP]:
    port = settings.port or PORTS[settings.encryption]
    if settings.encryption == "tls":
        context = ssl.create_default_context()
        server: smtplib.SMTP = smtplib.SMTP_SSL(settings.server, port, timeout=settings.timeout, context=context)
    else:
        server = smtplib.SMTP(settings.server, port, timeout=settings.timeout)
    try:
        if settings.encryption == "starttls":
            server.starttls(context=ssl.create_default_context())
        if settings.user:
            server.login(settings.user, os.environ.get(settings.password_from, ""))
        yield server
    finally:
        with suppress(OSError, smtplib.SMTPException):
            server.quit()


def _sent(server: smtplib.SMTP, message: Outgoing, settings: Settings) -> str | None:
    """Why a message was not taken by the server; None where it was."""
    try:
        mail = written(message, settings)
        server.send_message(mail)
    except (OSError, smtplib.SMTPException, ValueError) as fault:
        return f"{settings.server}: {_words(fault)}"
    return None


def written(message: Outgoing, settings: Settings) -> EmailMessage:
    """The mail; raises ValueError where the message says no address or has no text."""
    told = {name: message.body.get(name) for name in ("to", "subject", "text", "language")}
    missing = [name for name in ("to", "subject", "text") if not isinstance(told[name], str)]
    if missing:
        raise ValueError(f"the message {message.message} has no {', '.join(missing)}; a notification on it would give it words")
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = settings.sender, str(told["to"]), str(told["subject"])
    mail["Date"] = format_datetime(message.at)
    mail["Message-ID"] = message_id(message.key, settings.sender)
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(str(told["text"]))
    if isinstance(told["language"], str):
        mail["Content-Language"] = told["language"]
    return mail


def message_id(key: str, sender: str) -> str:
    """The Message-ID of the message with this key, the same at every attempt."""
    domain = parseaddr(sender)[1].rpartition("@")[2]
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{domain}>"


def _words(fault: Exception) -> str:
    """What a server or the network said, in one line."""
    if isinstance(fault, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(fault.recipients.values()))
        return f"{code} {_text(said)}"
    if isinstance(fault, smtplib.SMTPResponseException):
        return f"{fault.smtp_code} {_text(fault.smtp_error)}"
    return " ".join(str(fault).split()) or type(fault).__name__


def _text(said: bytes | str) -> str:
    return " ".join((said.decode("utf-8", "replace") if isinstance(said, bytes) else said).split())
