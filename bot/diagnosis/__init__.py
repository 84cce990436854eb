"""Finding out what is wrong: probes are asked, all at once, and each answer becomes a finding."""
