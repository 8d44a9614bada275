"""Self-contained HTML pages: templates, styles, figures, highlighting."""
