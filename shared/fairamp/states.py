"""The states of a charge point, and every way from one to another with its reason."""

A, B1, B2, C1, C2, D1, D2, E, F = STATES = ("A", "B1", "B2", "C1", "C2", "D1", "D2", "E", "F")
MEANING = {
    A: "no car",
    B1: "connected, no offer",
    B2: "connected, offer signalled",
    C1: "car wants energy, no offer",
    C2: "charging",
    D1: "car wants energy and ventilation, no offer",
    D2: "charging with ventilation",
    E: "pilot line faulty",
    F: "box not available",
}
UNPLUG, PLUG, OFFER, WITHDRAW = "car unplugged", "car plugged in", "offer signalled", "offer withdrawn"
ASKS, ENDS = "car asks for energy", "car ends"
VENTILATE, CALM = "car asks for ventilation", "car needs no ventilation"
LINE, FAIL, CLEAR = "pilot line fails", "fault", "fault over"
TRANSITIONS = {
    (A, B1): PLUG,
    (A, B2): PLUG,
    (A, C1): "car plugged in, asks at once",
    (A, D1): "car plugged in, asks at once",
    (B1, B2): OFFER,
    (B2, B1): WITHDRAW,
    (B1, C1): ASKS,
    (B1, D1): VENTILATE,
    (B2, C2): ASKS,
    (B2, D2): VENTILATE,
    (B1, C2): ASKS,
    (B1, D2): VENTILATE,
    (B2, C1): "car asks as the offer goes",
    (B2, D1): "car asks as the offer goes",
    (C1, C2): OFFER,
    (C2, C1): WITHDRAW,
    (D1, D2): OFFER,
    (D2, D1): WITHDRAW,
    (C1, D1): VENTILATE,
    (C2, D2): VENTILATE,
    (C2, D1): VENTILATE,
    (C1, D2): VENTILATE,
    (D1, C1): CALM,
    (D2, C2): CALM,
    (D1, C2): CALM,
    (D2, C1): CALM,
}
for _state in (B1, B2, C1, C2, D1, D2):
    TRANSITIONS[(_state, A)] = UNPLUG
for _state in (C1, C2, D1, D2):
    TRANSITIONS[(_state, B1)] = ENDS
    TRANSITIONS[(_state, B2)] = ENDS
for _state in (A, B1, B2, C1, C2, D1, D2, F):
    TRANSITIONS[(_state, E)] = LINE
for _state in (A, B1, B2, C1, C2, D1, D2, E):
    TRANSITIONS[(_state, F)] = FAIL
TRANSITIONS[(E, A)] = UNPLUG
for _state in (A, B1, C1, D1):
    TRANSITIONS[(F, _state)] = CLEAR
