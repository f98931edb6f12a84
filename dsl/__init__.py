"""The language: text in, proved and compiled program out. Knows no orders, no store, no clock, no network."""
