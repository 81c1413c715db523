#!/bin/sh
# 基础备份：由 postgres 用户每周运行一次（cron），与连续归档的 WAL 一起，可恢复到此后的任意时刻。
# 超过35天的基础备份和 WAL 随后删去。成功时打印基础备份的目录。
set -eu
folder=${BACKUPS:-/var/backups/postgresql}
made="$folder/base-$(date +%Y%m%d-%H%M%S)"

pg_basebackup --pgdata="$made.part" --checkpoint=fast --wal-method=stream
pg_verifybackup --quiet "$made.part"
mv "$made.part" "$made"

find "$folder" -maxdepth 1 -name 'base-*' -mtime +35 -exec rm -rf {} +
find "$folder/wal" -type f -mtime +35 -delete
echo "$made"
