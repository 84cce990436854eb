"""Allow or refuse what somebody wants to change, and see what waits."""
