-- 在办公室自己的 PostgreSQL（16 以上）里建立角色和两个数据库，由数据库管理员运行一次：
--     psql --username postgres --set=password='换成真正的口令' --file=databases.sql
-- 不给超级用户权限。流程服务的数据库要用 contrib 里的 pg_trgm。
CREATE ROLE gongjiang LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB CONNECTION LIMIT 150 PASSWORD :'password';
CREATE DATABASE gongjiang OWNER gongjiang TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8';
CREATE DATABASE prefect OWNER gongjiang TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8';
REVOKE ALL ON DATABASE gongjiang, prefect FROM PUBLIC;
\connect prefect
CREATE EXTENSION IF NOT EXISTS pg_trgm;
