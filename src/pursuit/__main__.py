"""``python -m pursuit``: the command line."""

from pursuit.cli.main import main

if __name__ == "__main__":
    main()
