"""Servers that stand for a platform's outside systems on this machine: real programs where there are some, else twins.

`postgres` and `redis` start what is installed, `redis_twin` answers where there is no Redis, `prometheus` answers with
figures of its owner's, `hosts` is web hosts on one port. Each listens to this machine alone and ends with its owner.
"""
