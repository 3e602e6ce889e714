#!/bin/sh
# Becomes a daemon of the service node, under the host name by which slurm.conf calls it, as the account slurm.
# usage: head.sh NAME HOSTS_FILE COMMAND [ARGUMENT...]
set -eu
name=$1 hosts=$2
shift 2
hostname "$name"
mount --make-rprivate /
mount --bind "$hosts" /etc/hosts
exec setpriv --reuid slurm --regid slurm --init-groups "$@"
