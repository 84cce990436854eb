"""Kubernetes: kubectl's command lines as typed operations, and the cluster that carries them out.

`grammar` reads a line; `nouns` and `changes` are the operations that read and that change; `backend` carries them out
through the official client in threads of its own, one module per verb or small group of verbs.
"""
