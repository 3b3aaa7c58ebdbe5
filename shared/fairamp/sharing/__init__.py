"""Sharing a budget among sockets: pure arithmetic on whole numbers, the same for the same input, whatever its order."""
