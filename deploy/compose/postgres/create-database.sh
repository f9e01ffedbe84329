# Read by the image's entry point when it has made a cluster: what the control plane logs in as owns the database and may create
# the roles of the schema, but is not a superuser.
psql --no-psqlrc --set ON_ERROR_STOP=1 --username postgres --set password="$(cat /run/secrets/database.password)" <<'SQL'
CREATE ROLE fanion_owner LOGIN CREATEROLE PASSWORD :'password';
CREATE DATABASE fanion OWNER fanion_owner;
SQL
