"""What every room stands on: audit, outbox, files, PDF door, clock, texts. Thin on purpose."""
