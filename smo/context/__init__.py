"""What the pages of the shop window show, made ready for their templates."""
