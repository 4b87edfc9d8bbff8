#!/bin/sh
# Adds the password to the settings in memory, so that it stands neither in a command line nor in an image.
set -eu
umask 077
{
  cat /etc/invoicepress/redis.conf
  printf 'requirepass %s\n' "$(cat /run/secrets/redis_password)"
} > /tmp/redis.conf
exec redis-server /tmp/redis.conf
