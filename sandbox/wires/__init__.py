"""The pretend networks, one module or package each, found by being here."""
