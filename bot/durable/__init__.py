"""Work that survives: workflows behind a port, effects with a look, timers as rows, replicas and takeover."""
