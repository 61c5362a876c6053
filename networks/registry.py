"""What is plugged in: every folder of networks/adapters is one network, and an installed package may add more."""
