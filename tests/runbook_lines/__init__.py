"""Every command line of the runbooks, carried out or planned on real servers of its kind."""
