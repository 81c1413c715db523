#!/bin/sh
# 数据库第一次启动时运行：建立角色和两个数据库。
set -eu
psql --username postgres --set=ON_ERROR_STOP=1 --set=password="$DATABASE_PASSWORD" --file=/etc/gongjiang/databases.sql
