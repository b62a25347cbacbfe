# Find PostgreSQL and Redis on this machine, or start throwaway ones; sourced by .ci/run.
# Sets DATABASE_URL and REDIS_URL, and ends what it started when the caller exits.

install() {
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "$@" > /dev/null
}

listens() { (exec 3<> "/dev/tcp/127.0.0.1/$1") 2> /dev/null; }

throwaway=$(mktemp -d)
end_services() {
    [ -f "$throwaway/redis.pid" ] && kill "$(cat "$throwaway/redis.pid")"
    [ -d "$throwaway/postgres" ] && as_postgres pg_ctl -D "$throwaway/postgres" -m fast -s stop
    rm -rf "$throwaway"
}
trap end_services EXIT

as_postgres() {
    local bin
    bin=$(dirname "$(find /usr/lib/postgresql -name initdb | sort | tail -n 1)")
    setpriv --reuid postgres --regid postgres --clear-groups "$bin/$1" "${@:2}"
}

postgres_port=${POSTGRES_PORT:-5432}
if ! listens "$postgres_port"; then
    [ -d /usr/lib/postgresql ] || install postgresql
    postgres_port=54329
    chown postgres "$throwaway"
    as_postgres initdb -D "$throwaway/postgres" --auth=trust > /dev/null
    as_postgres pg_ctl -D "$throwaway/postgres" -w -s -l "$throwaway/postgres.log" \
        -o "-p $postgres_port -k $throwaway -c listen_addresses=127.0.0.1" start
fi

redis_port=${REDIS_PORT:-6379}
if ! listens "$redis_port"; then
    command -v redis-server > /dev/null || install redis-server
    redis_port=63799
    redis-server --port "$redis_port" --bind 127.0.0.1 --save "" --daemonize yes \
        --pidfile "$throwaway/redis.pid" --dir "$throwaway" > /dev/null
fi

command -v chromium > /dev/null || install chromium fonts-inter fonts-jetbrains-mono

export DATABASE_URL="postgres://postgres@127.0.0.1:$postgres_port/postgres"
export REDIS_URL="redis://127.0.0.1:$redis_port/0"
