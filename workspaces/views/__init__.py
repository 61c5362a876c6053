"""The ground floor's pages: people and settings, notices, webhooks."""
