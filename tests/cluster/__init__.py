"""A real Kubernetes control plane for the tests: `build.sh` compiles it, `plane` starts it, `node` is its kubelet."""
