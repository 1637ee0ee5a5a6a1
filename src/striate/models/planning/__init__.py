"""What a net costs before it runs: sizes, memory, time, and what would make it less."""
