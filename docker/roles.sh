#!/bin/sh
# Runs once, when PostgreSQL's volume is new: the owner who migrates, and the app who owns nothing.
set -eu
psql -v ON_ERROR_STOP=1 -U "$POSTGRES_USER" -d postgres \
    -v owner="$GARDU_OWNER_PASSWORD" -v app="$GARDU_APP_PASSWORD" <<'SQL'
CREATE ROLE gardu_owner LOGIN CREATEROLE PASSWORD :'owner';
CREATE ROLE gardu_app LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD :'app';
CREATE ROLE gardu_sweep NOLOGIN NOSUPERUSER NOBYPASSRLS;
GRANT gardu_app, gardu_sweep TO gardu_owner WITH ADMIN OPTION;
CREATE DATABASE gardu OWNER gardu_owner;
SQL
