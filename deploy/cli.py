from deploy.settings import Settings
from deploy.slurm import cluster
from deploy import accounts, packages
import sys
def main() -> int:
    s = Settings.from_environment()
    if sys.argv[1]=="up":
        packages.ensure(packages.CLUSTER)
        accounts.up(s); cluster.up(s)
    else:
        cluster.down(s)
    return 0
