"""Pages about runs and schedules."""
