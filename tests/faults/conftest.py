"""The toys of the store's tests serve here too."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "engine" / "store"))
sys.path.insert(0, str(Path(__file__).parent))
