"""The one path by which anything is changed: asked for, planned, approved, carried out, watched, verified."""
