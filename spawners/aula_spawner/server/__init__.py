"""What runs within a job's JupyterLab server: an extension of the server, and one of the page in the browser.

Nodes see this folder beside `singleuser.py`. It runs in the user environment and imports nothing of this package.
"""
