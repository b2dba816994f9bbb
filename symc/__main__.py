"""`python -m symc` is `symc`."""

import sys

from symc.cli import main

if __name__ == "__main__":
    sys.exit(main())
