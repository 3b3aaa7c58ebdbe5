"""What outlasts a restart lies in one folder of the flash: how the box started, its energy, and what features add."""

import os

from fairamp_box.io.pair import Pair
from fairamp_box.keeping.boots import Boots

FOLDER = "kept"


class Keeping:
    """`folder`: None = nothing is kept, and `problem` says why where it should be."""

    def __init__(self, folder, cause: str):
        self.folder = folder
        self.problem = ""
        if folder:
            try:
                _make(folder)
            except OSError as error:
                self.folder = None
                self.problem = folder + " cannot be made (" + str(error) + "): energy and sessions are not kept"
        self.boots = Boots(Pair(self.folder + "/boot") if self.folder else None, cause)

    def energy(self, box):
        """The keeper's part for it; None where it is not kept."""
        if not self.folder:
            return None
        # The application is not there yet when this module is loaded.
        from fairamp_box.keeping.energy import KeptEnergy

        place = self.folder + "/energy"
        kept = KeptEnergy(Pair(place), box)
        if self.boots.problem:
            self.problem = place + " cannot be written (" + self.boots.problem + "): who needs permission needs it anew"
        if kept.load(newest=not self.boots.problem):
            return kept
        self.problem = place + ".0 and .1 are of another version: energy counts from 0 and is not kept; remove them"
        return None


def _make(folder):
    try:
        os.stat(folder)
    except OSError:
        os.mkdir(folder)
