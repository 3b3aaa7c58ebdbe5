"""The tasks that carry bytes and call the decisions."""
