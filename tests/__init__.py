"""The tests: one folder a floor, and one for the real thing."""
