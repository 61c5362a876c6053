"""What the post office's pages show, ready for their templates."""
