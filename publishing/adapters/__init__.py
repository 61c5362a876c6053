"""What the post office keeps outside its database."""
