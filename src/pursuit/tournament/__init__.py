"""Tournaments: who meets whom on which seed, the games, the ledger, and what the results are worth."""
