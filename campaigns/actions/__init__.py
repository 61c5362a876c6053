"""What marketers do at the writing desk: write, place, approve, plan, and keep media."""
