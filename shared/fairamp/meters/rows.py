"""Meters as rows of data: where each quantity is, and how it is written there.

(quantity, first register of L1, step from phase to phase, kind, scale): value x scale = A, V, W or Wh.
"""

READ_INPUT = 4

METERS = {
    "eastron_sdm630": {
        "name": "Eastron SDM630",
        "function": READ_INPUT,
        "quantities": (
            ("voltage", 0, 2, "f32", 1),
            ("current", 6, 2, "f32", 1),
            ("power", 12, 2, "f32", 1),
        ),
        "energy": (72, "f32", 1000),
        # The power carries the direction; the current of this meter has no sign.
        "sign_from_power": True,
        # What one request fetches: (first register, count)
        "blocks": ((0, 18), (72, 2)),
    },
}
