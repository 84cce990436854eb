"""The spine of Opsroom: rooms that commands and schedules stand on. `app.py` puts the parts together."""
