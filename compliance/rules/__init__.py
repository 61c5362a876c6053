"""What must be said, and what may not be said: every module in this folder is one rule."""
