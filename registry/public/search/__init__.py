"""Finding a system: `answers` plays a search; `query` says which records answer, `matching` with which words, `facets`
how many each filter would show, `corrections` what a typing mistake meant, `excerpts` why a system is there.
"""
