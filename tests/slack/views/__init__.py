"""What people see, for any text."""
