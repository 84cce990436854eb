"""Jobs: programs that run once in the cluster, with the image and the environment of a platform's own containers."""
