#!/bin/sh
# Run by the PostgreSQL image once, when its data folder is still empty: the role that owns the tables, and its database.
# All other roles come from the migrations and get their passwords from `migrate roles`.
set -eu
psql --no-psqlrc --set ON_ERROR_STOP=1 --set password="$(cat /run/secrets/migrator_database_password)" \
  --username "$POSTGRES_USER" --dbname postgres <<'SQL'
CREATE ROLE invoicepress_migrator LOGIN CREATEROLE CREATEDB NOSUPERUSER NOBYPASSRLS PASSWORD :'password';
CREATE DATABASE invoicepress OWNER invoicepress_migrator;
SQL
