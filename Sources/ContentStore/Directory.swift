import Basics

/// The Remote Execution API v2 `Directory` message: one folder of a tree (`docs/formats/digest.md`).
///
/// Its entries are sorted by the bytes of their names, so that equal folders have equal encodings.
package struct Directory: Sendable {
    package struct File: Sendable {
        package var name: String
        package var blob: Blob
        package var isExecutable: Bool
        package init(name: String, blob: Blob, isExecutable: Bool) {
            self.name = name
            self.blob = blob
            self.isExecutable = isExecutable
        }
    }
    package struct Folder: Sendable {
        package var name: String
        /// Of the folder's own `Directory` message.
        package var blob: Blob
        package init(name: String, blob: Blob) {
            self.name = name
            self.blob = blob
        }
    }
    package struct Symlink: Sendable {
        package var name: String
        package var target: String
        package init(name: String, target: String) {
            self.name = name
            self.target = target
        }
    }

    package var files: [File]
    package var folders: [Folder]
    package var symlinks: [Symlink]

    /// Sorts the entries. Throws `.name`, `.duplicate` or `.collision`; whether links stay inside only a tree can say.
    package init(files: [File], folders: [Folder], symlinks: [Symlink]) throws(TreeError) {
        self.files = files.sorted { precedes($0.name, $1.name) }
        self.folders = folders.sorted { precedes($0.name, $1.name) }
        self.symlinks = symlinks.sorted { precedes($0.name, $1.name) }
        try checkNames()
    }

    package var isEmpty: Bool { files.isEmpty && folders.isEmpty && symlinks.isEmpty }

    private func checkNames() throws(TreeError) {
        let names = files.map(\.name) + folders.map(\.name) + symlinks.map(\.name)
        var seen: [String: String] = Dictionary(minimumCapacity: names.count)
        for name in names {
            if let reason = TreeName.fault(name) { throw .name(name, reason: reason) }
            guard let other = seen.updateValue(name, forKey: TreeName.fold(name)) else { continue }
            throw other.utf8.elementsEqual(name.utf8) ? .duplicate(name) : .collision(other, name)
        }
    }
}

func precedes(_ a: String, _ b: String) -> Bool { a.utf8.lexicographicallyPrecedes(b.utf8) }

extension Directory {
    /// The canonical protobuf encoding. O(n) in its bytes.
    package func encoded() -> [UInt8] {
        var writer = ProtobufWriter()
        writer.bytes.reserveCapacity(110 * (files.count + folders.count) + 64 * symlinks.count)
        for file in files {
            let digest = ProtobufWriter.count(ofField: ProtobufWriter.count(of: file.blob))
            let name = ProtobufWriter.count(ofField: file.name.utf8.count)
            writer.message(1, count: name + digest + (file.isExecutable ? 2 : 0))
            writer.text(1, file.name)
            writer.blob(2, file.blob)
            if file.isExecutable { writer.bytes += [4 << 3, 1] }
        }
        for folder in folders {
            let digest = ProtobufWriter.count(ofField: ProtobufWriter.count(of: folder.blob))
            writer.message(2, count: ProtobufWriter.count(ofField: folder.name.utf8.count) + digest)
            writer.text(1, folder.name)
            writer.blob(2, folder.blob)
        }
        for link in symlinks {
            let target = ProtobufWriter.count(ofField: link.target.utf8.count)
            writer.message(3, count: ProtobufWriter.count(ofField: link.name.utf8.count) + target)
            writer.text(1, link.name)
            writer.text(2, link.target)
        }
        return writer.bytes
    }

    /// The most bytes of a message that `init(decoding:)` looks at.
    package static let maximumBytes = 16 << 20

    /// Reads a canonical encoding, and nothing else: unknown fields, another order, spelled-out default values and
    /// long-winded numbers are `.malformed`; names are checked as for a new folder. O(n log n).
    package init(decoding bytes: [UInt8]) throws(TreeError) {
        guard bytes.count <= Self.maximumBytes else { throw .limit("a folder's message has \(bytes.count) bytes") }
        var files: [File] = []
        var folders: [Folder] = []
        var symlinks: [Symlink] = []
        var reader = ProtobufReader(bytes[...])
        while let (number, field) = try reader.next() {
            switch (number, field) {
            case (1, .bytes(let message)): files.append(try File(decoding: message))
            case (2, .bytes(let message)): folders.append(try Folder(decoding: message))
            case (3, .bytes(let message)): symlinks.append(try Symlink(decoding: message))
            default: throw .malformed("a folder has an unknown field \(number)")
            }
        }
        try self.init(files: files, folders: folders, symlinks: symlinks)
        // One rule instead of many: what is not written as skvm would write it is refused.
        guard encoded() == bytes else { throw .malformed("it is not in canonical form") }
    }
}

extension Directory.File {
    fileprivate init(decoding bytes: ArraySlice<UInt8>) throws(TreeError) {
        var name = ""
        var blob: Blob?
        var isExecutable = false
        var reader = ProtobufReader(bytes)
        while let (number, field) = try reader.next() {
            switch (number, field) {
            case (1, .bytes(let text)): name = try decodeText(text)
            case (2, .bytes(let message)): blob = try Blob(decoding: message)
            case (4, .varint(let value)): isExecutable = value != 0
            default: throw .malformed("a file has an unknown field \(number)")
            }
        }
        guard let blob else { throw .malformed("a file has no digest") }
        self.init(name: name, blob: blob, isExecutable: isExecutable)
    }
}

extension Directory.Folder {
    fileprivate init(decoding bytes: ArraySlice<UInt8>) throws(TreeError) {
        var name = ""
        var blob: Blob?
        var reader = ProtobufReader(bytes)
        while let (number, field) = try reader.next() {
            switch (number, field) {
            case (1, .bytes(let text)): name = try decodeText(text)
            case (2, .bytes(let message)): blob = try Blob(decoding: message)
            default: throw .malformed("a folder entry has an unknown field \(number)")
            }
        }
        guard let blob else { throw .malformed("a folder entry has no digest") }
        self.init(name: name, blob: blob)
    }
}

extension Directory.Symlink {
    fileprivate init(decoding bytes: ArraySlice<UInt8>) throws(TreeError) {
        var texts = ["", ""]
        var reader = ProtobufReader(bytes)
        while let (number, field) = try reader.next() {
            guard case .bytes(let text) = field, number == 1 || number == 2 else {
                throw .malformed("a symlink has an unknown field \(number)")
            }
            texts[Int(number) - 1] = try decodeText(text)
        }
        self.init(name: texts[0], target: texts[1])
    }
}

extension Blob {
    fileprivate init(decoding bytes: ArraySlice<UInt8>) throws(TreeError) {
        var digest: Digest?
        var size: UInt64 = 0
        var reader = ProtobufReader(bytes)
        while let (number, field) = try reader.next() {
            switch (number, field) {
            case (1, .bytes(let text)): digest = Digest(hex: try decodeText(text))
            case (2, .varint(let value)): size = value
            default: throw .malformed("a digest has an unknown field \(number)")
            }
        }
        guard let digest else { throw .malformed("a digest is not 64 hexadecimal digits") }
        guard let size = Int64(exactly: size) else { throw .malformed("a size is negative") }
        self.init(digest: digest, size: size)
    }
}

private func decodeText(_ bytes: ArraySlice<UInt8>) throws(TreeError) -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else { throw .malformed("a name is not UTF-8 text") }
    return text
}
