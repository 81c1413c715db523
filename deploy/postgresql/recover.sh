#!/bin/sh
# 恢复到某一时刻：先停止认定系统和数据库，由 postgres 用户运行
#     PGDATA=/var/lib/postgresql/18/main ./recover.sh /var/backups/postgresql/base-… '2026-03-01 10:30:00+08'
# 现有的数据目录改名保留。之后启动数据库，它停在这一时刻、只能读，供核对：
#     对：psql -c 'select pg_wal_replay_resume()'，从此可以写；不对：停止数据库，换一个时刻再运行一次。
set -eu
base=$1
moment=$2
folder=${BACKUPS:-/var/backups/postgresql}

if pg_ctl status --pgdata="$PGDATA" >/dev/null 2>&1; then
    echo "数据库还在运行，请先停止。" >&2
    exit 2
fi
former="$PGDATA.former-$(date +%Y%m%d-%H%M%S)"
mv "$PGDATA" "$former"
cp -a "$base" "$PGDATA"
chmod 700 "$PGDATA"
# 停止前还没有归档的最后几段。
find "$former/pg_wal" -maxdepth 1 -type f -name '[0-9A-F]*' -exec cp -n {} "$PGDATA/pg_wal/" \;
cat >> "$PGDATA/postgresql.auto.conf" <<END
restore_command = 'cp $folder/wal/%f %p'
recovery_target_time = '$moment'
recovery_target_action = 'pause'
END
touch "$PGDATA/recovery.signal"
echo "原来的数据在 $former。现在启动数据库，核对后继续。"
