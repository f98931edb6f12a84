"""The forecast: how many units of an item are expected to be wanted where, told from outside or made of what was wanted. Pure."""
