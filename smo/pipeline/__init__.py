<<<<<<< HEAD
"""What happens step by step in the shop window, with waits for the web outside any transaction."""
=======
"""What the shop window does over the network, step by step."""
>>>>>>> 79f17f5 (Feeds of others are watched: found from a page, read in every kind, each article once, hubs believed when they sign)
