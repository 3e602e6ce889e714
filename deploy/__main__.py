"""`python3 -m deploy`: the command behind the Makefile."""

import sys

from deploy.cli import main

sys.exit(main())
