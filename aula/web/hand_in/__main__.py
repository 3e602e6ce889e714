"""`python -m aula.web.hand_in`."""

import sys

from aula.web.hand_in.service import main

sys.exit(main())
