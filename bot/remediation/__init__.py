"""The one path by which anything is changed: plan, approval, execution, verification. Nothing lives here yet."""
