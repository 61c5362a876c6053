"""What is decided without a database or a network: which click is a bot's, what a page lacks, what a feed says."""
