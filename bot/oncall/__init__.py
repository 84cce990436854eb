"""Rota, escalation, paging. Nothing lives here yet."""
