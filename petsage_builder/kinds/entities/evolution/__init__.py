"""From the tables that were built to those that are asked for now: the next migration."""
