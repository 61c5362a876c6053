"""`manage.py up`: the whole house under one supervisor."""
