#!/usr/bin/env bash
# Ceph's gateway to its own store in memory, on loopback, with one user: monitor, one disk, gateway. Ends with its process group.
#   radosgw.sh <where install.sh has unpacked Ceph> <own empty folder> <port of the monitor> <port of the gateway> <key id> <secret>
set -euo pipefail
ceph=$1 own=$2 monitor=$3 gateway=$4 key=$5 secret=$6
libraries=usr/lib/$(uname -m)-linux-gnu
export PATH=$ceph/usr/bin:$PATH CEPH_CONF=$own/ceph.conf
export LD_LIBRARY_PATH=$ceph/$libraries:$ceph/$libraries/ceph:$ceph/${libraries#usr/}
cd "$own"

# Without keys between its daemons, which hear loopback alone; rounds of the monitor are short, or each new pool waits for one.
fsid=$(cat /proc/sys/kernel/random/uuid)
cat >ceph.conf <<END
[global]
fsid = $fsid
mon_host = [v2:127.0.0.1:$monitor/0]
public_addr = 127.0.0.1
cluster_addr = 127.0.0.1
auth_cluster_required = none
auth_service_required = none
auth_client_required = none
ms_mon_client_mode = crc
osd_pool_default_size = 1
osd_pool_default_pg_num = 1
mon_allow_pool_size_one = true
paxos_propose_interval = 0.05
paxos_min_wait = 0.01
osd_objectstore = memstore
memstore_device_bytes = 2147483648
osd_class_dir = $ceph/$libraries/rados-classes
erasure_code_dir = $ceph/$libraries/ceph/erasure-code
plugin_dir = $ceph/$libraries/ceph
run_dir = $own
admin_socket =
log_file = $own/\$name.log
mon_cluster_log_file = $own/cluster.log
mon_data = $own/monitor
osd_data = $own/disk
rgw_data = $own
rgw_frontends = beast endpoint=127.0.0.1:$gateway
END

mkdir monitor disk
monmaptool --create --fsid "$fsid" --addv a "[v2:127.0.0.1:$monitor/0]" monmap
osdmaptool --createsimple 1 osdmap
ceph-authtool --create-keyring keyring --gen-key -n mon. --cap mon 'allow *'
ceph-mon --mkfs -i a --monmap monmap --osdmap osdmap --keyring keyring
ceph-osd --mkfs -i 0 --no-mon-config
ceph-mon -i a -f &
ceph-osd -i 0 -f &
radosgw-admin user create --uid=someone --display-name=Someone --access-key="$key" --secret-key="$secret"
exec radosgw -n client.rgw -f
