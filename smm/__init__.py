"""The front door: settings, addresses, the clock and the `up` runner."""
