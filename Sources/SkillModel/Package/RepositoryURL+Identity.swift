extension RepositoryURL {
    /// The same for every spelling of one repository: without a `/` at the end and, on a server, without `.git`; the host in
    /// lower case. Two folders of this machine may be called `charts` and `charts.git`: there `.git` tells. O(n).
    package var identity: String {
        var text = description.utf8[...]
        while text.count > 1, text.last == 0x2F { text.removeLast() }
        if isLocal { return String(decoding: text, as: UTF8.self) }
        let rest = text.dropLast(4)
        if text.suffix(4).elementsEqual(".git".utf8), let before = rest.last, before != 0x2F, before != 0x3A {
            text = rest
        }
        var host = text
        var scheme = text.prefix(0)
        if let slashes = description.firstRange(of: "://") {
            scheme = text[..<slashes.upperBound]
            host = text[slashes.upperBound...].prefix { $0 != 0x2F }
        } else {
            host = text.prefix { $0 != 0x2F && $0 != 0x3A }
        }
        let path = text[host.endIndex...]
        // A user before the host may be told from another by case.
        let user = host.lastIndex(of: 0x40).map { host[...$0] } ?? host.prefix(0)
        let name = String(decoding: host.dropFirst(user.count), as: UTF8.self).lowercased()
        return String(decoding: Array(scheme) + Array(user) + Array(name.utf8) + Array(path), as: UTF8.self)
    }

    package static func == (a: RepositoryURL, b: RepositoryURL) -> Bool {
        a.description.utf8.elementsEqual(b.description.utf8) || a.identity.utf8.elementsEqual(b.identity.utf8)
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(identity) }
}
