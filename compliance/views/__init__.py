"""The officer's pages: the desk, the rules, and the records they judge by."""
