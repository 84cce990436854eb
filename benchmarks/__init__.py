"""Measures the budgets of `docs/budgets.md`: `python -m benchmarks` runs all, `python -m benchmarks NAME` one.

Workspace, bot and what measures are three processes, as they would be three machines. They share the cores.
"""
