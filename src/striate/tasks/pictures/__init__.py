"""Labelled pictures for a task: opened, looked at, held out in parts."""
