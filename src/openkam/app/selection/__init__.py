"""Who is key: rounds, what-if, explanations, decisions and the status they give."""
