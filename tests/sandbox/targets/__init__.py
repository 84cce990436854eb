"""Tests of the servers that stand for a platform's outside systems."""
