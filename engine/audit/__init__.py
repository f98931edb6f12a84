"""The audit: proves what must hold of a store at every commit. `audit` is the one way in; `repair` mends what is certain."""

from orderloom.engine.audit.finding import Finding, Repair
from orderloom.engine.audit.run import audit, audited

__all__ = ["Finding", "Repair", "audit", "audited"]
