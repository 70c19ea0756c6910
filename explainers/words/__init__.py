"""Sentences out of results: plain functions, same input, same text. ``words.<stem>.describe`` gives a Narrative."""
