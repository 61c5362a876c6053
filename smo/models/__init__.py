"""What stands in the shop window: tracked links and visits, share buttons, feeds, and how pages look when shared."""
