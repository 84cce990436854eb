"""The controllers: what makes the cluster be as its objects say, a step at a time.

`loop` runs them whenever something has changed. Each is a function of the store that does what is to be done now; what
is to be done later is done when it is called again.
"""
