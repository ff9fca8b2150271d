-- Run once, by Patroni, where the cluster begins. Made by deploy/ha/make_files.py; mode 0600, owner postgres.
CREATE ROLE @DATABASE@ LOGIN PASSWORD '@OFFICE_PASSWORD@';
CREATE DATABASE @DATABASE@ OWNER @DATABASE@ ENCODING UTF8 TEMPLATE template0 LOCALE 'C.UTF-8';
REVOKE ALL ON DATABASE @DATABASE@ FROM PUBLIC;
