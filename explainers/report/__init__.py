"""Things a person takes away: letters and tables, made of the same results, words and figures as the pages."""
