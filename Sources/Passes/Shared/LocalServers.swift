/// Servers that run on the machine, and where they answer when nobody says otherwise. Collected by hand from the products'
/// own documentation.
package struct LocalServer: Sendable, Equatable {
    package var name: String
    package var ports: [Int] = []
    /// Sockets in the file system; `~` stands for the home folder, `@` for the user's runtime folder.
    package var sockets: [String] = []
    /// Variables that say that it is elsewhere.
    package var variables: [String] = []

    /// By the words that name it, in lower case.
    package static func named(_ word: String) -> LocalServer? { table[aliases[word] ?? word] }

    private static let aliases: [String: String] = [
        "postgres": "postgresql", "mongo": "mongodb", "elastic": "elasticsearch", "dockerd": "docker",
        "redis-server": "redis", "mysqld": "mysql", "mongod": "mongodb", "rabbit": "rabbitmq",
    ]

    private static let table: [String: LocalServer] = {
        let all = [
            LocalServer(
                name: "docker", sockets: ["/var/run/docker.sock", "@/docker.sock", "~/.docker/run/docker.sock"],
                variables: ["DOCKER_HOST", "DOCKER_CONTEXT"]),
            LocalServer(
                name: "podman", sockets: ["/run/podman/podman.sock", "@/podman/podman.sock"],
                variables: ["CONTAINER_HOST", "DOCKER_HOST"]),
            LocalServer(
                name: "postgresql", ports: [5432],
                sockets: ["/var/run/postgresql/.s.PGSQL.5432", "/tmp/.s.PGSQL.5432"],
                variables: ["DATABASE_URL", "PGHOST", "POSTGRES_URL", "POSTGRES_HOST"]),
            LocalServer(
                name: "mysql", ports: [3306], sockets: ["/var/run/mysqld/mysqld.sock", "/tmp/mysql.sock"],
                variables: ["DATABASE_URL", "MYSQL_HOST"]),
            LocalServer(
                name: "mariadb", ports: [3306], sockets: ["/var/run/mysqld/mysqld.sock", "/tmp/mysql.sock"],
                variables: ["DATABASE_URL", "MYSQL_HOST"]),
            LocalServer(name: "redis", ports: [6379], variables: ["REDIS_URL", "REDIS_HOST"]),
            LocalServer(name: "valkey", ports: [6379], variables: ["VALKEY_URL", "REDIS_URL"]),
            LocalServer(
                name: "mongodb", ports: [27017], variables: ["MONGODB_URI", "MONGO_URL", "MONGODB_URL", "MONGO_URI"]),
            LocalServer(name: "elasticsearch", ports: [9200], variables: ["ELASTICSEARCH_URL", "ES_HOST"]),
            LocalServer(name: "opensearch", ports: [9200], variables: ["OPENSEARCH_URL"]),
            LocalServer(name: "rabbitmq", ports: [5672], variables: ["RABBITMQ_URL", "AMQP_URL"]),
            LocalServer(name: "kafka", ports: [9092], variables: ["KAFKA_BROKERS", "KAFKA_BOOTSTRAP_SERVERS"]),
            LocalServer(name: "memcached", ports: [11211], variables: ["MEMCACHED_SERVERS"]),
            LocalServer(name: "ollama", ports: [11434], variables: ["OLLAMA_HOST"]),
            LocalServer(name: "qdrant", ports: [6333], variables: ["QDRANT_URL"]),
            LocalServer(name: "milvus", ports: [19530], variables: ["MILVUS_URI"]),
            LocalServer(name: "neo4j", ports: [7687], variables: ["NEO4J_URI"]),
            LocalServer(name: "cassandra", ports: [9042], variables: ["CASSANDRA_HOST"]),
            LocalServer(name: "minio", ports: [9000], variables: ["MINIO_ENDPOINT"]),
            LocalServer(name: "nats", ports: [4222], variables: ["NATS_URL"]),
            LocalServer(name: "influxdb", ports: [8086], variables: ["INFLUX_HOST", "INFLUX_URL"]),
            LocalServer(name: "clickhouse", ports: [8123, 9000], variables: ["CLICKHOUSE_HOST", "CLICKHOUSE_URL"]),
            LocalServer(name: "etcd", ports: [2379], variables: ["ETCDCTL_ENDPOINTS"]),
            LocalServer(name: "consul", ports: [8500], variables: ["CONSUL_HTTP_ADDR"]),
            LocalServer(name: "prometheus", ports: [9090], variables: ["PROMETHEUS_URL"]),
            LocalServer(name: "comfyui", ports: [8188], variables: ["COMFYUI_URL", "COMFYUI_HOST"]),
            LocalServer(name: "libretranslate", ports: [5000]),
            LocalServer(name: "selenium", ports: [4444], variables: ["SELENIUM_URL"]),
        ]
        return Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })
    }()
}
