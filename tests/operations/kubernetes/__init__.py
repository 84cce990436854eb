"""kubectl's lines, and the cluster that carries them out."""
