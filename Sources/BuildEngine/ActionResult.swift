package import Basics
package import ContentStore

/// What an action put out, by path. Stored as a Remote Execution API `ActionResult` message.
package struct ActionResult: Sendable, Hashable {
    /// Sorted by path.
    package private(set) var files: [(path: RelativePath, blob: Blob)]

    package init(_ files: [(path: RelativePath, blob: Blob)]) {
        self.files = files.sorted { $0.path < $1.path }
    }

    /// The blob at `path`; nil when the action made no such output. O(outputs).
    package subscript(path: RelativePath) -> Blob? { files.first { $0.path == path }?.blob }

    package static func == (a: ActionResult, b: ActionResult) -> Bool {
        a.files.count == b.files.count && zip(a.files, b.files).allSatisfy { $0.path == $1.path && $0.blob == $1.blob }
    }
    package func hash(into hasher: inout Hasher) {
        for file in files {
            hasher.combine(file.path)
            hasher.combine(file.blob)
        }
    }
}

extension ActionResult {
    /// The protobuf encoding: `output_files` (2) of `path` (1) and `digest` (2) of `hash` (1) and `size_bytes` (2).
    package var encoded: [UInt8] {
        var message: [UInt8] = []
        for file in files {
            var digest: [UInt8] = []
            digest.appendField(1, Array(file.blob.digest.hex.utf8))
            if file.blob.size > 0 {
                digest.append(0x10)
                digest.appendVarint(UInt64(file.blob.size))
            }
            var output: [UInt8] = []
            output.appendField(1, Array(file.path.text.utf8))
            output.appendField(2, digest)
            message.appendField(2, output)
        }
        return message
    }

    /// Reads what `encoded` wrote; nil for anything else. A damaged result is a miss.
    package init?(encoded: [UInt8]) {
        var files: [(path: RelativePath, blob: Blob)] = []
        var reader = FieldReader(encoded[...])
        while let (number, body) = reader.next() {
            guard number == 2 else { return nil }
            var path: RelativePath?
            var blob: Blob?
            var output = FieldReader(body)
            while let (number, body) = output.next() {
                if number == 1 {
                    path = RelativePath(String(decoding: body, as: UTF8.self))
                } else if number == 2 {
                    var digest = FieldReader(body)
                    var hash: Digest?
                    var size: Int64 = 0
                    while let (number, body) = digest.next(varintField: 2) {
                        if number == 1 { hash = Digest(hex: String(decoding: body, as: UTF8.self)) }
                    }
                    size = Int64(clamping: digest.varint)
                    guard digest.isWhole else { return nil }
                    blob = hash.map { Blob(digest: $0, size: size) }
                }
            }
            guard output.isWhole, let path, let blob else { return nil }
            files.append((path, blob))
        }
        guard reader.isWhole else { return nil }
        self.init(files)
    }
}

extension [UInt8] {
    fileprivate mutating func appendVarint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(rest))
    }
    fileprivate mutating func appendField(_ number: UInt8, _ body: [UInt8]) {
        append(number << 3 | 2)
        appendVarint(UInt64(body.count))
        append(contentsOf: body)
    }
}

/// Reads length-delimited protobuf fields, and one varint field where it is asked for.
private struct FieldReader {
    private var rest: ArraySlice<UInt8>
    private(set) var varint: UInt64 = 0
    /// Whether all bytes were read as fields.
    private(set) var isWhole = true

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    mutating func next(varintField: Int? = nil) -> (Int, ArraySlice<UInt8>)? {
        while let tag = rest.first {
            rest.removeFirst()
            let number = Int(tag >> 3)
            guard let value = readVarint() else { break }
            if tag & 7 == 0, number == varintField {
                varint = value
                continue
            }
            guard tag & 7 == 2, value <= UInt64(rest.count) else { break }
            let body = rest.prefix(Int(value))
            rest = rest.dropFirst(Int(value))
            return (number, body)
        }
        if !rest.isEmpty { isWhole = false }
        return nil
    }

    private mutating func readVarint() -> UInt64? {
        var value: UInt64 = 0
        for shift in stride(from: 0, to: 63, by: 7) {
            guard let byte = rest.popFirst() else {
                isWhole = false
                return nil
            }
            value |= UInt64(byte & 0x7F) << UInt64(shift)
            if byte & 0x80 == 0 { return value }
        }
        isWhole = false
        return nil
    }
}
