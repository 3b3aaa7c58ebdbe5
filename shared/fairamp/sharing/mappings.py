"""The ways in which a charger may be wired: grid phase of its first, second and third terminal."""

MAPPINGS = ("L1L2L3", "L2L3L1", "L3L1L2", "L1L3L2", "L3L2L1", "L2L1L3", "L1", "L2", "L3")
