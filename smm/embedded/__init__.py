"""A real PostgreSQL and a Redis-compatible server from packages, so that nothing has to be installed first."""
