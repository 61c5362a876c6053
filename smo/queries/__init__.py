"""What pages and programs read of the shop window."""
