"""What runs on a desk: the twin and the `fairamp` command."""
