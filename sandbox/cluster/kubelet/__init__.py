"""A node that stands in for a kubelet: it runs pods as far as operations on them can tell.

`images` says what becomes of a container by its image, `environment` what a container's variables are, `process` really
starts a container's command as a local process, `journal` keeps its log, `container` is one container and `pod` a pod
with the status that a kubelet would report, `execution` is `kubectl exec`, `usage` what is measured, `node` all of it.
The sandbox's own API server uses it, and so does the stand-in node of the real control plane in the tests.
"""
