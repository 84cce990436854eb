"""Tell Opsroom to change nothing for a while, or only to rehearse."""
