"""Measures the budgets: `python -m benchmarks` runs all, `python -m benchmarks NAME` one."""
