"""The look: base templates, components, template tags and static assets. No models."""
