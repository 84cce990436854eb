"""The tests: they mirror the house, speak to the bot as a person does, and start what they need."""
