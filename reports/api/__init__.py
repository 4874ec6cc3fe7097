"""Documents for programs: that of an assessment asked for, each read while it is made, then taken."""
