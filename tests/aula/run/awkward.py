"""Notebooks with awkward outputs, each as the sources of its code cells."""

AWKWARD = {
    "streams": ["import sys\nprint('out')\nprint('err', file=sys.stderr)\nprint('out')"],
    "results": ["1 + 1", "None", "'text'", "[1, {'a': 2}]", "3;", "_ "],
    "displays": [
        "from IPython.display import HTML, Markdown, display\ndisplay(HTML('<b>x</b>'), Markdown('*x*'))",
        "HTML('<i>y</i>')",
    ],
    "an updated display": ["handle = display('one', display_id=True)\nhandle.update('two')", "handle.update('three')"],
    "cleared output": ["from IPython.display import clear_output\nprint('a')\nclear_output()\nprint('b')"],
    "an error": ["1 / 0", "print('never')"],
    "an error in a function": ["def f(x):\n    return g(x)\n\ndef g(x):\n    raise ValueError(x)", "f(3)"],
    "a syntax error": ["for\n"],
    "bash": ["%%bash\necho hi\necho oops >&2", "!echo there", "files = !echo one\nfiles"],
    "a script that fails": ["%%bash\nexit 3"],
    "a subprocess": ["import subprocess\nsubprocess.run(['sh', '-c', 'echo a; echo b >&2']).returncode"],
    "descriptors": ["import os\nos.write(1, b'raw\\n')\nos.system('echo system')"],
    "async": ["import asyncio\nawait asyncio.sleep(0.01)\nprint('slept')", "async def f():\n    return 4\n\nawait f()"],
    "threads": ["import threading\nt = threading.Thread(target=print, args=('from a thread',))\nt.start()\nt.join()"],
    "processes": [
        "import multiprocessing as m\nwith m.get_context('fork').Pool(2) as pool:\n    print(pool.map(abs, [-1, 2]))"
    ],
    "spawned processes": [
        "import multiprocessing as m\nwith m.get_context('spawn').Pool(1) as pool:\n    print(pool.map(abs, [-1, 2]))"
    ],
    "input": ["input('name? ')"],
    "magics": ["%%capture found\nprint('x')", "found.stdout", "%precision 3", "1 / 3.0", "%who_ls"],
    "big output": ["print('x' * 500_000)", "for i in range(3000):\n    print(i)"],
    "unicode": ["print('ç ş ț ñ 日本 🎓')", "'\\x1b[31mred\\x1b[0m'"],
    "warnings": ["import warnings\nwarnings.warn('careful')", "warnings.warn('old', DeprecationWarning)"],
    "logging": ["import logging\nlogging.warning('careful')\nlogging.getLogger('x').error('bad')"],
    "an exit": ["import sys\nsys.exit(3)", "print('never')"],
    "names": [
        "__name__, sorted(n for n in dir() if not n.startswith('_'))",
        "import __main__\n__main__.__dict__ is globals()",
    ],
    "places": [
        "import os, sys\nos.getcwd() == os.path.realpath('.'), sys.argv[0].rpartition('/')[2], len(sys.argv)",
        "sys.path",
        "sys.executable, sys.flags.isolated",
    ],
    "the environment": ["import os\nsorted(os.environ)", "os.environ['MPLBACKEND']"],
    "standard input": ["import sys\nsys.stdin.read()"],
    "signals": ["import signal as s\n[str(s.getsignal(n)).split(' at ')[0] for n in (s.SIGINT, s.SIGTERM, s.SIGCHLD)]"],
    "numpy": [
        "import numpy as np\nrng = np.random.default_rng(1)\nrng.normal(size=(3, 2)).round(6)",
        "np.array([1, 2]) / 0",
    ],
    "pandas": ["import pandas as pd\npd.DataFrame({'a': range(100), 'b': 'x'})", "pd.Series([1.5, None])"],
    "matplotlib": [
        "import matplotlib.pyplot as plt\nplt.plot([1, 3, 2])",
        "fig, ax = plt.subplots()\nax.bar(['a', 'b'], [1, 2])\nplt.show()",
        "%matplotlib inline\nplt.hist([1, 2, 2]);",
        "plt.get_backend()",
    ],
}
