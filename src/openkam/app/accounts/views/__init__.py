"""Pages: permission, form, one operation or query, template."""
