"""The budgets, as `docs/budgets.md` has them (a test compares the two)."""

DECLARE_CALLS = 2
"""Serial Slack calls until the declarer is in a channel that has header and topic."""
DECLARE_SECONDS = 0.25
"""The same in seconds, at 100 ms for each Slack call; the median."""
ACK_SECONDS = 0.1
"""The acknowledgement of a command at 100 commands a second; the 99th percentile."""
ACK_WORST_SECONDS = 3.0
"""The slowest one: Slack gives up after 3 s (Slack: slash commands docs)."""
START_SECONDS = 2.0
"""From the start of the process until it is ready."""
IDLE_MEMORY = 220e6
"""Bytes that the idle bot's process holds in memory, its targets ready to be asked."""
GROWTH = 10e6
"""Bytes that it may hold more after 10,000 commands than after the first 1,000 of them: 1.1 kB for each."""
DIAGNOSE_SHARE = 115.0
"""A diagnosis, in percent of its slowest probe."""
PODS_SHARE = 100.0
"""The listing of 2,000 pods, in percent of the time that kubectl takes."""
DIAGNOSE_OWN_SECONDS = 0.005
"""What one probe of a diagnosis costs of our own time; the median."""
APPROVE_SECONDS = 0.15
"""Our own time from the click that allows a change to the first request to its target."""
ROLLOUT_SHARE = 110.0
"""A rollback from the click to its verdict, in percent of the time that kubectl takes for it."""
