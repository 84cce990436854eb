"""What stands in for the outside world on one machine: the demo and the tests use it, Opsroom does not know it."""
