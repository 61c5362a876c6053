"""Drills: what the house needs goes away, or every process is replaced, while people work; who noticed is counted."""
