"""Supply follows demand: what could be bought or transferred, what is ordered, and what will be short. Pure."""
