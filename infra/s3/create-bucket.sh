#!/bin/sh
# Creates the bucket unless it is there. Shares the S3 server's network, for its administration listens on loopback.
set -eu
weed_shell() { weed -logtostderr=true shell -master=127.0.0.1:9333 -filer=127.0.0.1:8888; }
has_bucket() { echo 's3.bucket.list' | weed_shell 2>/dev/null | grep -Eq '^ *(> *)?invoicepress[[:space:]]'; }
has_bucket || echo 's3.bucket.create -name invoicepress' | weed_shell
has_bucket || { echo 'the bucket "invoicepress" could not be created' >&2; exit 1; }
