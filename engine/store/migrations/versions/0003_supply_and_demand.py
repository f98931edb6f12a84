"""Supply and demand: what the ledger, its messages from outside and what is derived from them need."""

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
