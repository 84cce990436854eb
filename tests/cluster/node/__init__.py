"""The node of the real control plane: `client` speaks to the API server, `kubelet` is what the API server calls."""
