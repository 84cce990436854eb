"""Findings, diagnoses, and the targets behind them."""
