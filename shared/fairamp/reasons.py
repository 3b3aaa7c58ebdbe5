"""Why an offer is what it is, as numbers. `words` finds which one holds, and says it in words.

The numbers below these are those of the limits: where nothing else is said, the limit that binds is the reason.
"""

# What the charge point itself has to say. Values: of FAULT its number, and for too much current what was allowed and
# what was drawn, in mA; of PHASES the step of the change.
(FAULT, LOCKED_OUT, NO_VENTILATION, STOPPED, DELAYED, UNAUTHORISED, PHASES, FINISHED) = range(10, 18)
# What comes with a grant. Values of TURN_OF: whose turn it is, and for how many minutes more.
(NO_READING, SHARED, NO_NETWORK, SUSPENDED, METER_LOST) = range(18, 23)
(TURN_OF, NO_POWER, PROBING, CLIMBING, FOLLOWING, ENOUGH) = range(23, 29)
# A limit that was added to those of every charge point. Value: its name.
ADDED = 29
# What bounds all chargers together, where it is not the house; and the failsafe current of a silent energy manager.
(PROFILE, OPERATOR, DOWNGRADED, FEEDER, UNEVEN, FALLBACK, NETWORK_SET, EMS_SILENT) = range(30, 38)
# All cars change so that the house meter shows it.
LOOKING = 38
# Only an energy manager says what there is, and none has.
EMS_AWAITED = 39

# How register 36 of a TeltoCharge numbers those that are no load balance. While something is lost, a default holds.
DEFAULT_CAUSE = 5
CAUSES = {
    NO_NETWORK: DEFAULT_CAUSE,
    METER_LOST: DEFAULT_CAUSE,
    FALLBACK: DEFAULT_CAUSE,
    EMS_SILENT: DEFAULT_CAUSE,
    EMS_AWAITED: DEFAULT_CAUSE,
    FEEDER: 0,
    SUSPENDED: 1,
    OPERATOR: 1,
    DOWNGRADED: 1,
    UNEVEN: 1,
    PROFILE: 2,
}
