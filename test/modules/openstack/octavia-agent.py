"""Does what Octavia's worker would do, with haproxy of this node: makes what the API has written into its tables, and says so there.
Things stay PENDING for as long as the file /run/octavia-hold is there."""
import os
import subprocess
import time

import pymysql

ALGORITHMS = {'ROUND_ROBIN': 'roundrobin', 'LEAST_CONNECTIONS': 'leastconn', 'SOURCE_IP': 'source'}
PARTS = ('member', 'health_monitor', 'pool', 'listener')
HEAD = ['global', ' maxconn 1000', 'defaults', ' timeout connect 3s', ' timeout client 60s', ' timeout server 60s']


def ask(cursor, query, *values):
    cursor.execute(query, values)
    return cursor.fetchall()


def configuration(cursor):
    lines = list(HEAD)
    listeners = ask(cursor, """select l.id, l.protocol_port, l.default_pool_id, v.ip_address from listener l join load_balancer b on b.id = l.load_balancer_id
        join vip v on v.load_balancer_id = b.id where l.enabled and b.enabled and l.provisioning_status <> 'PENDING_DELETE'
        and b.provisioning_status not in ('PENDING_DELETE', 'DELETED') order by l.id""")
    for listener, port, pool, address in listeners:
        lines += [f'frontend {listener}', ' mode tcp', f' bind {address}:{port}'] + ([f' default_backend {pool}'] if pool else [])
    for pool, algorithm in ask(cursor, "select id, lb_algorithm from pool where provisioning_status <> 'PENDING_DELETE' order by id"):
        lines += [f'backend {pool}', ' mode tcp', f' balance {ALGORITHMS[algorithm]}']
        monitor = ask(cursor, "select delay, fall_threshold, rise_threshold from health_monitor where pool_id = %s and enabled", pool)
        check = ''.join(f' check inter {delay}s fall {fall or 3} rise {rise or 2}' for delay, fall, rise in monitor)
        for member in ask(cursor, """select id, ip_address, protocol_port, weight from member where pool_id = %s and enabled
                and provisioning_status <> 'PENDING_DELETE' order by ip_address""", pool):
            lines.append(' server {} {}:{} weight {}'.format(*member) + check)
    return '\n'.join(lines) + '\n'


def is_pending(cursor):
    return any(ask(cursor, f"select 1 from {table} where provisioning_status like 'PENDING%%' limit 1") for table in (*PARTS, 'load_balancer'))


def confirm(cursor):
    """What was to go is gone, what depends on it first; all else is there."""
    going = "select id from pool where provisioning_status = 'PENDING_DELETE'"
    ask(cursor, f'update listener set default_pool_id = null where default_pool_id in ({going})')
    for (balancer,) in ask(cursor, "select id from load_balancer where provisioning_status = 'PENDING_DELETE'"):
        pools = 'select id from pool where load_balancer_id = %s'
        ask(cursor, f'delete from member where pool_id in ({pools})', balancer)
        ask(cursor, f'delete from health_monitor where pool_id in ({pools})', balancer)
        ask(cursor, 'delete from listener where load_balancer_id = %s', balancer)
        ask(cursor, 'delete from pool where load_balancer_id = %s', balancer)
        ask(cursor, "update load_balancer set provisioning_status = 'DELETED' where id = %s", balancer)
    for table in PARTS:
        if table != 'pool':
            ask(cursor, f"delete from {table} where provisioning_status = 'PENDING_DELETE'")
    for table in (*PARTS, 'load_balancer'):
        ask(cursor, f"update {table} set provisioning_status = 'ACTIVE', operating_status = 'ONLINE' where provisioning_status like 'PENDING%%'")


def main():
    socket = '/run/mysqld/mysqld.sock'
    cursor = pymysql.connect(unix_socket=socket, user='octavia', password='octavia', database='octavia', autocommit=True).cursor()
    known = None
    while True:
        time.sleep(0.05)
        if os.path.exists('/run/octavia-hold') or not is_pending(cursor):
            continue
        wanted = configuration(cursor)
        if wanted != known:
            with open('/etc/haproxy/haproxy.cfg', 'w') as file:
                file.write(wanted)
            subprocess.run(['systemctl', 'reload-or-restart', 'haproxy'], check=True)
            known = wanted
        confirm(cursor)


main()
