"""What a workspace consists of: people, channels, messages, files, views, triggers and addresses for answers."""
