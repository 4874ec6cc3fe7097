"""Speed, measured: `make bench`. Each figure stands beside its goal and beside a reference of the same run."""
