"""The sample company: Wide World Importers in compact form, and the facts it lacks, generated and labelled illustrative."""
