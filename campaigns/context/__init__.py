"""What the writing desk's pages show, put together from what the desk's reads give."""
