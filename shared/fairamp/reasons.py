"""Why an offer is what it is, as numbers. `words` finds which one holds, and says it in words.

The numbers below these are those of the limits: where nothing else is said, the limit that binds is the reason.
"""

# What the charge point itself has to say. Values: of FAULT its number, of PHASES the step of the change.
(FAULT, LOCKED_OUT, NO_VENTILATION, STOPPED, DELAYED, UNAUTHORISED, PHASES, FINISHED) = range(10, 18)
# What comes with a grant. Values of TURN_OF: whose turn it is, and for how many minutes more.
(NO_READING, SHARED, NO_NETWORK, SUSPENDED, METER_LOST) = range(18, 23)
(TURN_OF, NO_POWER, PROBING, CLIMBING, FOLLOWING, ENOUGH) = range(23, 29)
# A limit that was added to those of every charge point. Value: its name.
ADDED = 29
