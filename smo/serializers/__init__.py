"""The shape of what programs read and write in the shop window."""
