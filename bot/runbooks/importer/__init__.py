"""Drafts a platform's runbooks from a document in Markdown, and says line by line what it could not place.

`outline` reads the document, `scripts` and `statements` find command lines in its code, `adapting` puts them into a
form that can be carried out, `sections` turns headings into procedures and checklists, `facts` and its neighbours turn
tables and lists into people, severities, alerts and promises, `writing` makes the files.
"""
