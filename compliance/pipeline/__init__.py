"""The stories of compliance that wait for others, each on one page: how a pack is made, how endorsers are watched."""
