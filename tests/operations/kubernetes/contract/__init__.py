"""Every verb against a cluster: a real control plane, and the sandbox's."""
