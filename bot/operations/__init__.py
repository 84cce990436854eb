"""Operations: the command lines of runbooks as typed operations, and what carries each out on a target.

`words` splits a line as a shell would and expands nothing; `heads` finds who reads it by its first word; `line` is the
whole: one operation and the text filters behind it. `operation`, `output` and `backend` are the nouns and the port that
every kind of target shares; each kind has a folder with its grammar and its backend.
"""
