"""What the table of meters takes of a small chip's heap, with one meter in use."""

import gc
import sys

MOST = 8192


def used():
    gc.collect()
    return gc.mem_alloc()


def test_the_table_with_one_meter_fits_into_8_kib():
    if not hasattr(gc, "mem_alloc") or sys.maxsize > 0x7FFFFFFF:
        return  # sizes are those of a chip on 32 bit only
    from fairamp.modbus import table  # which every box has anyway

    before = used()
    from fairamp import meters
    from fairamp.meters import model

    index = used() - before
    assert model and table
    for family, models in meters.FAMILIES:
        before = used()
        assert meters.find(models.split()[-1])
        size = used() - before
        assert index + size <= MOST, family + ": " + str(index + size) + " bytes"
