#!/bin/sh
# Becomes a node's slurmd: own host name, own /tmp, own view of hosts and processes. Run inside the node's namespaces.
# usage: node.sh NAME HOSTS_FILE SLURM_CONF [FOLDER_THAT_NODES_DO_NOT_SEE...]
set -eu
name=$1 hosts=$2 conf=$3
shift 3
hostname "$name"
mount --make-rprivate /
mount -t tmpfs -o mode=1777,size=2g tmpfs /tmp
mount -t tmpfs -o mode=1777,size=512m tmpfs /dev/shm
mount --bind "$hosts" /etc/hosts
for folder in "$@"; do
    mount -t tmpfs -o mode=700,size=1m tmpfs "$folder"
done
# Slurm's commands find their configuration where they look for it.
mount -t tmpfs -o mode=755,size=1m tmpfs /etc/slurm
cp "$conf" "$(dirname "$conf")/cgroup.conf" /etc/slurm/
# Open MPI reads one file of settings: Debian's, then ours.
cat /etc/openmpi/openmpi-mca-params.conf "$(dirname "$conf")/openmpi-mca-params.conf" >/etc/slurm/openmpi-mca-params.conf
mount --bind /etc/slurm/openmpi-mca-params.conf /etc/openmpi/openmpi-mca-params.conf
# Nobody on a node sees another account's processes.
mount -t proc -o hidepid=invisible proc /proc
exec env SLURM_CONF="$conf" /usr/sbin/slurmd -D -N "$name"
