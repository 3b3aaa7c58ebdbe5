"""One file per board, and the chip drivers that several boards share. The only code that imports `machine`."""
