"""Who may call, and in which role: keys by name, of which only the SHA-256 is kept."""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from msgspec import Struct

from orderloom.engine.refused import Refused

_LINE = re.compile(r"(?P<name>\S+)\s+(?P<digest>[0-9a-f]{64})(\s+(?P<acts_as>\S+))?")
OPERATOR = "operator"


class Keys(Struct, frozen=True):
    """The digests of the keys, by the name of whoever has them; without any, everybody who can reach the port may call.

    `roles` has as whom each acts, in the words of `--as`.
    """

    digests: Mapping[str, str]
    roles: Mapping[str, str] = {}

    def acts_as(self, name: str) -> str:
        """As whom the owner of a key acts, empty where his key does not say; without keys it is the operator."""
        return self.roles.get(name, "") if self.digests else OPERATOR

    def caller(self, header: str | None) -> str | None:
        """The name of whoever calls, by the `Authorization` header; None for a stranger."""
        if not self.digests:
            return "api"
        kind, _, key = (header or "").partition(" ")
        digest = sha256(key.strip().encode()).hexdigest()
        names = [name for name, known in self.digests.items() if hmac.compare_digest(known, digest)]
        return names[0] if names and kind.lower() == "bearer" else None


def keys_in(path: Path) -> Keys | Refused:
    """The keys of a file: a line each, a name, the SHA-256 of its key, and as whom it acts; ` #` begins a comment."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as fault:
        return Refused(f"the keys in {path} cannot be read: {fault}")
    digests: dict[str, str] = {}
    roles: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        text = re.split(r"(?:^|\s)#", line)[0].strip()
        found = _LINE.fullmatch(text)
        if text and not found:
            return Refused(
                f"{path}:{number}: a line is a name, the SHA-256 of its key, 64 hexadecimal digits, and who it acts as"
            )
        if found:
            digests[found["name"]] = found["digest"]
        if found and found["acts_as"]:
            roles[found["name"]] = found["acts_as"]
    return Keys(digests, roles) if digests else Refused(f"there is no key in {path}")
