import Basics

/// The ports that a sentence says its servers listen on: "on port 5433", "at localhost:5433", "on ports 5432 and 6379".
enum StatedPort {
    /// One for each of `servers`, which stand in the sentence in that order; nil where it says none, or not whose it is.
    static func of(_ servers: [Word], in words: [Word], _ bytes: [UInt8]) -> [Int?] {
        let ports = ports(in: words, bytes)
        // As many as servers are theirs in turn.
        if servers.count > 1 {
            let isOwn = ports.count == servers.count && ports[0].index > 0
            return servers.indices.map { isOwn ? ports[$0].port : nil }
        }
        guard let server = servers.first else { return [] }
        let place = words.firstIndex { $0.span == server.span } ?? 0
        guard ports.count == 1, let found = ports.first, found.index > place, found.index - place <= 10,
            // What is said of something else begins with one of these.
            !words[place..<found.index].contains(where: { turns.contains($0.lower) })
        else { return [nil] }
        return [found.port]
    }

    private static func ports(in words: [Word], _ bytes: [UInt8]) -> [(index: Int, port: Int)] {
        var found: [(index: Int, port: Int)] = []
        var isList = false
        for index in words.indices.dropFirst() {
            let before = words[index - 1].lower
            guard let port = number(words[index].lower) else {
                isList = isList && joins.contains(words[index].lower)
                continue
            }
            let isNamed = before == "port" || before == "ports"
            if isNamed || isList || isOfHost(words[index - 1], words[index], bytes) { found.append((index, port)) }
            isList = isNamed || isList
        }
        return found
    }

    /// `localhost:5433`: nothing but the colon between.
    private static func isOfHost(_ host: Word, _ port: Word, _ bytes: [UInt8]) -> Bool {
        host.span.end + 1 == port.span.start && bytes.indices.contains(host.span.end)
            && bytes[host.span.end] == UInt8(ascii: ":")
            && (host.lower == "localhost" || host.lower.hasPrefix("127.") || host.lower == "0.0.0.0")
    }

    private static func number(_ text: String) -> Int? {
        guard text.utf8.count <= 5, text.utf8.first != UInt8(ascii: "0"), text.utf8.allSatisfy(\.isDigit),
            let port = Int(text), port <= 65_535
        else { return nil }
        return port
    }

    private static let joins: Set<String> = ["and", "or"]
    private static let turns: Set<String> = [
        "and", "but", "while", "then", "for", "to", "so", "because", "before", "after", "when",
    ]
}
