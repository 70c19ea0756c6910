"""Results drawn as plotly figures, one module per feature."""
