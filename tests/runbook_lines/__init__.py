"""Every command line of the runbooks, carried out on a real server of its kind."""
