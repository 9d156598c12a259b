"""Who should be key: utility, constraints, the proven optimum and why."""
