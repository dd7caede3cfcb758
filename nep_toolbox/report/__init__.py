"""Charts and pages: self-contained HTML from plain tables and arrays."""
