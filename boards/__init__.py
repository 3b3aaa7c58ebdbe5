"""One file per board, and the chip drivers that boards share. The only code that imports `machine`."""
