"""The shape of what people enter in the shop window."""
