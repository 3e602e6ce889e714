"""`python -m aula.web.portal`."""

import sys

from aula.web.portal.service import main

sys.exit(main())
