"""Declare an incident and run it in a room of its own."""
