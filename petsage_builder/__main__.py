"""`python -m petsage_builder`."""

from petsage_builder.cli import run

if __name__ == "__main__":
    run()
