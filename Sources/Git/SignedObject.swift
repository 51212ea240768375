/// A commit or an annotated tag with the signature that it carries, if it carries one. Taken from the object database:
/// what git's configuration, replacements or porcelain make of it has no say.
package struct SignedObject: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        case commit
        /// The name that the tag's author gave it (a reference can be renamed, this can't), and what it is a tag of.
        case tag(name: String, target: ObjectID)
    }

    package enum Signature: Sendable, Hashable {
        case none
        /// An armoured OpenSSH signature (`PROTOCOL.sshsig`).
        case ssh([UInt8])
        /// One that skvm can't verify: what it is.
        case other(String)
    }

    package var id: ObjectID
    package var kind: Kind
    /// What was signed: the object without the signature.
    package var payload: [UInt8]
    package var signature: Signature
    /// When it was made, as its author says: seconds since the epoch.
    package var time: Int64
    /// The whole object.
    package var bytes: [UInt8]
}

extension SignedObject {
    /// Larger ones are refused: a message may be long, but not endless.
    static let greatestSize = 1 << 20

    /// Reads a commit object. The signature is its header `gpgsig`, with its lines indented by a blank. O(n).
    package init(commit id: ObjectID, parsing bytes: [UInt8]) throws(GitError) {
        var payload: [UInt8] = []
        var armour: [UInt8]?
        var isOdd = false
        var isInSignature = false
        var rest = bytes[...]
        while !rest.isEmpty {
            let end = rest.firstIndex(of: 0x0A).map { $0 + 1 } ?? rest.endIndex
            let line = rest[..<end]
            if line.first == 0x0A { break }
            rest = rest[end...]
            if isInSignature, line.first == 0x20 {
                armour?.append(contentsOf: line.dropFirst())
                continue
            }
            isInSignature = false
            if line.starts(with: "gpgsig ".utf8) {
                if armour != nil { isOdd = true }
                armour = Array(line.dropFirst("gpgsig ".utf8.count))
                isInSignature = true
            } else {
                if line.starts(with: "gpgsig".utf8) { isOdd = true }
                payload.append(contentsOf: line)
            }
        }
        self.init(
            id: id, kind: .commit, payload: payload + rest,
            signature: isOdd ? .other("more than one signature") : Self.signature(armour ?? []),
            time: try Commit(id: id, parsing: bytes).time, bytes: bytes)
    }

    /// Reads a tag object. The signature stands at its end. Throws `unsupported` for what git could not have written. O(n).
    package init(tag id: ObjectID, parsing bytes: [UInt8]) throws(GitError) {
        let headers = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).prefix { !$0.isEmpty }
        func value(_ index: Int, _ key: String) -> String? {
            guard headers.indices.contains(index), headers[index].starts(with: "\(key) ".utf8) else { return nil }
            return String(validating: headers[index].dropFirst(key.utf8.count + 1), as: UTF8.self)
        }
        guard let target = value(0, "object").flatMap({ ObjectID(hex: $0) }), value(1, "type") != nil,
            let name = value(2, "tag")
        else { throw GitError(.unsupported, "tag object \(id) can't be read") }
        let words = (value(3, "tagger") ?? "").split(separator: " ")
        let start = Self.signatureStart(bytes)
        let isOdd = headers.contains { $0.starts(with: "gpgsig".utf8) }
        self.init(
            id: id, kind: .tag(name: name, target: target), payload: Array(bytes[..<start]),
            signature: isOdd ? .other("more than one signature") : Self.signature(bytes[start...]),
            time: words.count >= 2 ? Int64(words[words.count - 2]) ?? 0 : 0, bytes: bytes)
    }

    /// Where the last block that looks like a signature begins; the end when there is none.
    private static func signatureStart(_ bytes: [UInt8]) -> Int {
        var start = bytes.endIndex
        var line = bytes.startIndex
        while line < bytes.endIndex {
            if bytes[line] == 0x2D, signature(bytes[line...]) != .none { start = line }
            line = bytes[line...].firstIndex(of: 0x0A).map { $0 + 1 } ?? bytes.endIndex
        }
        return start
    }

    private static func signature(_ armour: some Collection<UInt8>) -> Signature {
        if armour.starts(with: "-----BEGIN SSH SIGNATURE-----".utf8) { return .ssh(Array(armour)) }
        for (mark, what) in [
            ("-----BEGIN PGP SIGNATURE-----", "OpenPGP"), ("-----BEGIN PGP MESSAGE-----", "OpenPGP"),
            ("-----BEGIN SIGNED MESSAGE-----", "X.509"),
        ] where armour.starts(with: mark.utf8) { return .other(what) }
        return .none
    }
}

extension GitRepository {
    /// A commit with its signature. Fetched when it is not here. Throws what `commit` throws.
    package func signedCommit(_ id: ObjectID) async throws(GitError) -> SignedObject {
        try await reading(id) { database throws(GitError) in
            guard let bytes = try database.read(id, .commit, limit: SignedObject.greatestSize) else {
                return .missing([id])
            }
            return .done(try SignedObject(commit: id, parsing: bytes))
        }
    }

    /// An annotated tag, by its own object's id. Fetched, with its commit, when it is not here.
    package func signedTag(_ id: ObjectID) async throws(GitError) -> SignedObject {
        try await reading(id) { database throws(GitError) in
            guard let bytes = try database.read(id, .tag, limit: SignedObject.greatestSize) else {
                return .missing([id])
            }
            return .done(try SignedObject(tag: id, parsing: bytes))
        }
    }
}
