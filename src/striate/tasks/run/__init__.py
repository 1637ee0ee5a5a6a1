"""A run: its folder, its records, what it stands on, and how two of them differ."""
