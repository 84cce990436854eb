"""What a command is: the request, its words and typed arguments, the catalogue of verbs, the reply."""
