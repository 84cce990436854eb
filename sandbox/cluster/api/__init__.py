"""The API over HTTP: `addresses` reads paths, `verbs` are what is done to objects, `parts` their subresources.

`discovery` says what there is, `metrics` what is used, `dispatch` brings a request to where it belongs.
"""
