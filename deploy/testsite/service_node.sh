#!/bin/sh
# Becomes the service node of a test site: its own host name, munge key, Slurm client and sudo rules, and nothing else
# of the site but the home folders. Run inside the service node's namespaces; it stays as munged.
# usage: service_node.sh NAME SITE_SLURM_FOLDER [FOLDER_THAT_IT_DOES_NOT_SEE...]
set -eu
name=$1 slurm=$2
shift 2
hostname "$name"
mount --make-rprivate /
mount --bind "$slurm/hosts" /etc/hosts
mkdir -p /run/munge
for folder in /etc/slurm /etc/munge /run/munge /etc/sudoers.d; do
    mount -t tmpfs -o mode=755,size=4m tmpfs "$folder"
done
# The site's own daemons name their socket in slurm.conf; here munge listens where everybody looks for it.
sed -e '/^AuthInfo=/d' -e '/^AccountingStoragePass=/d' "$slurm/slurm.conf" >/etc/slurm/slurm.conf
install --owner=munge --group=munge --mode=400 "$slurm/munge/key" /etc/munge/munge.key
chown munge:munge /etc/munge /run/munge
for folder in "$@"; do
    mount -t tmpfs -o mode=700,size=1m tmpfs "$folder"
done
exec setpriv --reuid=munge --regid=munge --init-groups /usr/sbin/munged --foreground \
    --seed-file=/etc/munge/seed --log-file=/run/munge/log --pid-file=/run/munge/pid
