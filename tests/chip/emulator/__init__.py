"""An RP2040 in this process: parts of rp2040py, a processor in C, and our own parts where theirs are not enough."""
