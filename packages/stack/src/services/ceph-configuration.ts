import type { DebianTools } from './debian.ts';

interface Cluster {
  folder: string;
  clusterId: string;
  monitorPort: number;
  port: number;
  tools: Pick<DebianTools, 'lib'>;
}

/** Room for objects in memory, in bytes. */
const storeBytes = 4 * 1024 ** 3;
const storeMemoryTargetBytes = 896 * 1024 ** 2;

/**
 * ceph.conf for one copy of everything, no authentication between the daemons (all on loopback), plugins from the
 * unpacked packages, and short intervals, so that it is up in about a second.
 */
export const cephConfiguration = ({ folder, clusterId, monitorPort, port, tools }: Cluster): string => `[global]
fsid = ${clusterId}
mon host = [v2:127.0.0.1:${monitorPort}/0]
mon initial members = a
public addr = 127.0.0.1
cluster addr = 127.0.0.1
auth cluster required = none
auth service required = none
auth client required = none
ms bind ipv6 = false
ms mon client mode = crc
ms mon cluster mode = crc
ms mon service mode = crc
ms client mode = crc
ms cluster mode = crc
ms service mode = crc
run dir = ${folder}/run
crash dir = ${folder}/run
admin socket =
log file =
log to file = false
log to stderr = false
err to stderr = true
mon cluster log to file = false
plugin dir = ${tools.lib('ceph')}
erasure code dir = ${tools.lib('ceph')}/erasure-code
osd class dir = ${tools.lib('rados-classes')}
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pgp num = 1
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon allow pool size one = true
mon allow pool delete = true
mon warn on pool no redundancy = false
mon warn on insecure global id reclaim allowed = false
mon data avail warn = 1
mon data avail crit = 1
mon pg warn min per osd = 0
paxos propose interval = 0.05
paxos min wait = 0.01

[mon.a]
mon data = ${folder}/mon

[osd.0]
osd data = ${folder}/osd
osd objectstore = memstore
memstore device bytes = ${storeBytes}
osd memory target = ${storeMemoryTargetBytes}
osd op num threads per shard = 1
osd fast shutdown = true

[client.rgw.a]
rgw frontends = beast endpoint=127.0.0.1:${port}
rgw data = ${folder}/rgw
rgw thread pool size = 32
rgw enable usage log = false
rgw crypt require ssl = false
rgw crypt s3 kms backend = testing
rgw crypt s3 kms encryption keys = testkey-1=YmluCmJvb3N0CmJvb3N0LWJ1aWxkCmNlcGguY29uZgo=
`;
