"""A stock hub: batchspawner as its README configures it."""

import json
import os

import batchspawner  # noqa: F401  (mounts its endpoint)

stock = json.loads(os.environ["STOCK"])
c = get_config()  # type: ignore[name-defined]  # noqa: F821  (JupyterHub gives it)

c.JupyterHub.bind_url = f"http://127.0.0.1:{stock['port']}"
c.JupyterHub.hub_ip = stock["hub_ip"]
c.JupyterHub.hub_port = stock["hub_port"]
c.JupyterHub.db_url = f"sqlite:///{stock['state']}/jupyterhub.sqlite"
c.JupyterHub.cookie_secret_file = f"{stock['state']}/cookie_secret"
c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allow_all = True
c.ConfigurableHTTPProxy.command = stock["proxy"]
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{stock['port'] + 1}"
c.ConfigurableHTTPProxy.pid_file = f"{stock['state']}/proxy.pid"

c.JupyterHub.spawner_class = "batchspawner.SlurmSpawner"
c.Spawner.default_url = "/lab"
c.Spawner.start_timeout = stock["start_timeout"]
c.Spawner.http_timeout = max(120, stock["start_timeout"])
c.Spawner.environment = stock["slurm"]
c.Spawner.cmd = [f"{stock['environment']}/bin/jupyterhub-singleuser"]
c.SlurmSpawner.batchspawner_singleuser_cmd = f"{stock['environment']}/bin/batchspawner-singleuser"
c.SlurmSpawner.req_prologue = f"export PATH={stock['environment']}/bin:$PATH"
c.SlurmSpawner.req_partition = stock["partition"]
c.SlurmSpawner.req_memory = stock["memory"]
c.SlurmSpawner.req_nprocs = "1"
c.SlurmSpawner.req_runtime = "2:00:00"
