"""A site from its first second to its last, as fast as the machine can, and what there is to tell about it."""
