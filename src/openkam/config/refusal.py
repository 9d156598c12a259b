"""What is raised when the deployment asks for something that cannot be."""


class ConfigurationError(Exception):
    """A setting that cannot be used; the message names the variable, the value (never a secret) and what is expected."""
