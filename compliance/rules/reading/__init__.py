"""How a post is read, once for all rules: its letters, its language, what it discloses, and where."""
