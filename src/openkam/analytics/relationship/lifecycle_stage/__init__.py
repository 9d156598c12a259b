"""The stage of a relation with an account: gated by evidence that expires, changed by people who decide."""
