"""A local stand-in for a Kubernetes cluster: one process, its API over HTTP.

How to read it: `kinds` are the kinds of objects, `store` holds them, `forms` completes and checks them, `access` says
who may do what, `api/` answers requests, `control/` are the controllers, `kubelet/` runs pods (containers as scripted,
jobs and exec as real local processes), `machine` joins it to the store, `server` serves it all, `story` fills and
breaks it.
"""

from sandbox.cluster.kubelet.images import Fate
from sandbox.cluster.server import Cluster, save_kubeconfig, serve

__all__ = ["Cluster", "Fate", "save_kubeconfig", "serve"]
