"""Operations: command lines as typed operations, and what carries them out."""
