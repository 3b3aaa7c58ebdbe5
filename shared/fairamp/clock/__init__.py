"""What time it is, who says so, and what clocks on the wall show. Nothing here measures how long something lasts."""
