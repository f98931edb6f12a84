"""Processes as pictures: a layered drawing with a vertical lane for each role, as SVG, and as mermaid text.

The way of a process through this package: `graph` reads off lanes, rows and arrows, `grid` gives each step its column and ports,
`routes` leads the arrows through the channels between them, `svg` draws.
"""

from orderloom.dsl.pictures.mermaid import mermaid
from orderloom.dsl.pictures.svg import Overlay, svg

__all__ = ["Overlay", "mermaid", "svg"]
