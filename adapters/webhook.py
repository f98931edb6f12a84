"""The adapter `webhook`: messages are posted as JSON, signed as Standard Webhooks has it.

connect:
  adapter: webhook
  url: https://partner.example.com/orderloom
  secret from: PARTNER_SECRET     # the name of an environment variable that has `whsec_` and the key in base64
  timeout: 10                     # seconds

`webhook-id` is the message's key, the same at every attempt, by which the receiver knows one that it got before. Any answer from
200 to 299 is an acknowledgement; of others `Retry-After` is kept.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from email.message import Message
from time import time
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, Request, build_opener

import msgspec
from msgspec import Struct

from orderloom.dsl.program import Program
from orderloom.engine import wire
from orderloom.engine.shell.ports import Delivery, Outgoing

PREFIX = "whsec_"
LONGEST_WAIT = timedelta(hours=1)  #: that an answer may ask for


class Settings(Struct, frozen=True, forbid_unknown_fields=True, rename={"secret_from": "secret from"}):
    """The settings of one organization."""

    url: str
    secret_from: str
    timeout: float = 10.0


def webhook(program: Program) -> Webhook:
    """The adapter."""
    return Webhook()


class Webhook:
    """Posts messages, one request each; `now` is the time of the signature, in seconds."""

    def __init__(self, now: Callable[[], float] = time) -> None:
        self._now = now
        self._opener = build_opener(_NoRedirect)

    def deliver(self, messages: Sequence[Outgoing], settings: Mapping[str, object]) -> Sequence[Delivery]:
        """One delivery for each message."""
        found = settings_of(settings)
        if isinstance(found, str):
            return [Delivery(message.key, failed=found) for message in messages]
        to, key = found
        return [self._post(message, to, key) for message in messages]

    def _post(self, message: Outgoing, to: Settings, key: bytes) -> Delivery:
        body = content(message)
        headers = {"content-type": "application/json", **signed(message.key, int(self._now()), body, key)}
        headers |= {"traceparent": message.traceparent} if message.traceparent else {}
        try:
            with self._opener.open(Request(to.url, body, headers, method="POST"), timeout=to.timeout):
                return Delivery(message.key)
        except HTTPError as answer:
            with answer:
                return Delivery(message.key, f"{to.url} answered {answer.code}", retry_after=_retry_after(answer.headers))
        except (URLError, OSError, ValueError) as fault:
            reason = fault.reason if isinstance(fault, URLError) else fault
            return Delivery(message.key, f"{to.url} cannot be reached: {reason}")


class _NoRedirect(HTTPRedirectHandler):
    """A signed message goes where it was sent to, and nowhere else."""

    def redirect_request(self, *_: object) -> None:
        return None


def settings_of(values: Mapping[str, object]) -> tuple[Settings, bytes] | str:
    """The settings as they stand in `connect`, with the key; or in a sentence what is wrong with them."""
    try:
        found = msgspec.convert(values, Settings, strict=False)
    except msgspec.ValidationError as fault:
        return f"the settings of the adapter webhook are wrong: {fault}"
    if not found.url.startswith(("https://", "http://")):
        return f"url must begin with https://, as {found.url} does not"
    secret = os.environ.get(found.secret_from)
    if secret is None:
        return f"the environment has no {found.secret_from}, from which the secret is to come"
    try:
        return found, base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        return f"the secret in {found.secret_from} is no {PREFIX} with a key in base64"


def content(message: Outgoing) -> bytes:
    """What is posted: the message's name as `type`, when it was sent, and what it says."""
    about = {"order": message.order, "organization": message.organization, "role": message.role, **message.body}
    return msgspec.json.encode({"type": message.message, "timestamp": wire.moment_text(message.at), "data": about})


def signed(id: str, timestamp: int, body: bytes, key: bytes) -> dict[str, str]:
    """The headers by which the receiver knows who sent this, and when."""
    to_sign = f"{id}.{timestamp}.".encode() + body
    mark = base64.b64encode(hmac.new(key, to_sign, hashlib.sha256).digest()).decode()
    return {"webhook-id": id, "webhook-timestamp": str(timestamp), "webhook-signature": f"v1,{mark}"}


def _retry_after(headers: Message) -> timedelta:
    asked = headers.get("Retry-After", "")
    return min(timedelta(seconds=int(asked)), LONGEST_WAIT) if asked.isdecimal() and len(asked) < 9 else timedelta(0)
