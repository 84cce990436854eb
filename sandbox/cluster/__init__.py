"""A local stand-in for a Kubernetes cluster.

`kubelet/` runs pods: containers as scripted, jobs and exec as real local processes.
"""
