"""What happens step by step in the shop window, with waits for the web outside any transaction."""
