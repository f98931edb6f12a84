"""The audit: proves what must hold of a store at every commit. `audit` is the one way in."""

from orderloom.engine.audit.finding import Finding
from orderloom.engine.audit.run import audit

__all__ = ["Finding", "audit"]
