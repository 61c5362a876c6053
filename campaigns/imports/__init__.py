"""Content plans from a file: read line by line, looked up, and every mistake named with its line."""
