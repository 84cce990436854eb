"""Pictures of numbers over time: PNG charts, and sentences that say the same to those who cannot see them."""
