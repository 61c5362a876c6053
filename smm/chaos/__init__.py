"""`manage.py chaos`: everything that can go wrong, on purpose, with the pretend networks' book as the judge."""
