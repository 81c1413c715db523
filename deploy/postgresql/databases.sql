-- 在办公室自己的 PostgreSQL（16 以上）里建立角色和两个数据库，由数据库管理员运行一次：
--     psql --username postgres --set=password='换成真正的口令' --file=databases.sql
-- 不给超级用户权限。流程服务的数据库要用 contrib 里的 pg_trgm。
CREATE ROLE gongjiang LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB CONNECTION LIMIT 150 PASSWORD :'password';
CREATE DATABASE gongjiang OWNER gongjiang TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8';
CREATE DATABASE prefect OWNER gongjiang TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8';
REVOKE ALL ON DATABASE gongjiang, prefect FROM PUBLIC;
-- 推荐再加 --set=application_password='另一个口令'：系统平时用的账号不拥有表，取消不了记录表的触发器
-- （GONGJIANG_APPLICATION_DATABASE_URL）。
\if :{?application_password}
CREATE ROLE gongjiang_app LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB CONNECTION LIMIT 150 PASSWORD :'application_password';
GRANT CONNECT ON DATABASE gongjiang TO gongjiang_app;
\endif
\connect prefect
CREATE EXTENSION IF NOT EXISTS pg_trgm;
