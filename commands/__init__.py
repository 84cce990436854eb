"""One file per slash command, or one folder with a file per verb. Found by a folder scan at start."""
