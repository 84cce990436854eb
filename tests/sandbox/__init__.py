"""The stand-in for the outside world."""
