"""What proves on a server that a line did what it says: one module for each kind of server.

Each proof is a context manager: it makes what the line needs, yields the line with its holes filled and its target,
looks at the server when the block is over, and puts back what was there.
"""
