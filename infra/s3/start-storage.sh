#!/bin/sh
# Starts SeaweedFS as an S3 server with two identities and no administrator: workers write and look, the API reads.
# All but the S3 port listens on loopback.
set -eu
umask 077
cat > /tmp/identities.json <<JSON
{
  "identities": [
    {
      "name": "worker",
      "credentials": [
        { "accessKey": "invoicepress-worker", "secretKey": "$(cat /run/secrets/worker_s3_secret_access_key)" }
      ],
      "actions": ["Write:invoicepress", "Read:invoicepress"]
    },
    {
      "name": "api",
      "credentials": [
        { "accessKey": "invoicepress-api", "secretKey": "$(cat /run/secrets/api_s3_secret_access_key)" }
      ],
      "actions": ["Read:invoicepress"]
    }
  ]
}
JSON
exec weed -logtostderr=true server -dir=/data -ip=127.0.0.1 -ip.bind=127.0.0.1 \
  -master.telemetry=false -master.volumeSizeLimitMB=1024 -volume.max=0 -volume.preStopSeconds=1 -filer \
  -s3 -s3.ip.bind=0.0.0.0 -s3.port=8333 -s3.config=/tmp/identities.json -s3.iam=false \
  -s3.autoCreateBucket=false -s3.allowDeleteBucketNotEmpty=false -s3.port.iceberg=0 -s3.port.lance=0
