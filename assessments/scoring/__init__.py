"""What follows from the answers: what is asked, what is missing, levels, outcomes. Pure: no framework, no database."""
