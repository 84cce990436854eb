"""HTTP: `curl` lines as requests, and what sends them to the hosts that a platform lists; TCP connects beside them."""
