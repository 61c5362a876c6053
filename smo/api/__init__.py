"""What programs may ask of the shop window."""
