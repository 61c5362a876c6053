"""What can be done in the shop window."""
