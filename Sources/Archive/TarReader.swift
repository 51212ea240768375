/// Reads the headers of a tar: POSIX's (ustar and pax) and GNU's long names.
struct TarReader {
    private static let block = 512
    private let bytes: [UInt8]
    private let limit: Int

    init(_ bytes: [UInt8], limit: Int) {
        self.bytes = bytes
        self.limit = limit
    }

    /// What the entries before one say of it.
    private struct Ahead {
        var name: [UInt8]?
        var link: [UInt8]?
        var size: Int?
    }

    func entries() throws(ArchiveError) -> [Archive.Entry] {
        var entries: [Archive.Entry] = []
        var ahead = Ahead()
        var position = 0
        while position < bytes.count {
            guard bytes.count - position >= Self.block else { throw ArchiveError(.damaged, "it is cut off") }
            let header = bytes[position..<position + Self.block]
            if header.allSatisfy({ $0 == 0 }) {
                guard bytes[position...].allSatisfy({ $0 == 0 }) else {
                    throw ArchiveError(.damaged, "there are entries behind its end")
                }
                return entries
            }
            try checkSum(header)
            var size = try number(header, 124, 12)
            // pax has a size where the header's field is too small for it.
            if let own = ahead.size { size = own }
            let start = position + Self.block
            guard size >= 0, size <= bytes.count - start else { throw ArchiveError(.damaged, "it is cut off") }
            let content = start..<start + size
            position = min(bytes.count, start + (size + Self.block - 1) / Self.block * Self.block)
            switch header[header.startIndex + 156] {
            case UInt8(ascii: "x"): try readPax(content, &ahead)
            case UInt8(ascii: "g"): break
            case UInt8(ascii: "L"): ahead.name = text(content)
            case UInt8(ascii: "K"): ahead.link = text(content)
            case let type:
                guard entries.count < limit else {
                    throw ArchiveError(.tooLarge, "it has more than \(limit) entries")
                }
                entries.append(try entry(header, type, content, ahead))
                ahead = Ahead()
            }
        }
        return entries
    }

    private func entry(
        _ header: ArraySlice<UInt8>, _ type: UInt8, _ content: Range<Int>, _ ahead: Ahead
    ) throws(ArchiveError) -> Archive.Entry {
        let name = ahead.name ?? headerName(header)
        let link = ahead.link ?? field(header, 157, 100)
        let kind: Archive.Entry.Kind
        switch type {
        case 0, UInt8(ascii: "0"), UInt8(ascii: "7"):
            // Before POSIX a folder was a file whose name ends in a slash.
            let isExecutable = try number(header, 100, 8) & 0o111 != 0
            kind = name.last == 0x2F ? .folder : .file(executable: isExecutable)
        case UInt8(ascii: "1"): kind = .hardlink(target: link)
        case UInt8(ascii: "2"): kind = .symlink(target: link)
        case UInt8(ascii: "5"): kind = .folder
        default:
            throw ArchiveError(
                .hostile, "`\(Archive.shown(name))` in it is a device, a pipe or another thing that no skill holds")
        }
        var range = content
        if case .file = kind {} else { range = content.lowerBound..<content.lowerBound }
        return Archive.Entry(name: name, kind: kind, size: range.count, place: .plain(range))
    }

    /// ustar divides long names in two; GNU's old format has other things in the second field.
    private func headerName(_ header: ArraySlice<UInt8>) -> [UInt8] {
        let name = field(header, 0, 100)
        guard field(header, 257, 6) == Array("ustar".utf8), header[header.startIndex + 262] == 0 else { return name }
        let prefix = field(header, 345, 155)
        return prefix.isEmpty ? name : prefix + [0x2F] + name
    }

    // MARK: Fields

    /// Up to the first NUL.
    private func field(_ header: ArraySlice<UInt8>, _ offset: Int, _ length: Int) -> [UInt8] {
        Array(header.dropFirst(offset).prefix(length).prefix { $0 != 0 })
    }

    private func text(_ range: Range<Int>) -> [UInt8] { Array(bytes[range].prefix { $0 != 0 }) }

    /// Octal digits with blanks around, or GNU's binary form for large numbers.
    private func number(_ header: ArraySlice<UInt8>, _ offset: Int, _ length: Int) throws(ArchiveError) -> Int {
        let field = header.dropFirst(offset).prefix(length)
        var value = 0
        if let first = field.first, first & 0x80 != 0 {
            for byte in [first & 0x7F] + field.dropFirst() {
                guard value < 1 << 48 else { throw ArchiveError(.damaged, "a number in a header is too large") }
                value = value << 8 | Int(byte)
            }
            return value
        }
        let digits = field.drop { $0 == 0x20 }.prefix { $0 != 0x20 && $0 != 0 }
        for byte in digits {
            guard (0x30...0x37).contains(byte), value < 1 << 48 else {
                throw ArchiveError(.damaged, "a header holds no number where one must be")
            }
            value = value << 3 | Int(byte - 0x30)
        }
        return value
    }

    private func checkSum(_ header: ArraySlice<UInt8>) throws(ArchiveError) {
        var sum = 0
        for (offset, byte) in header.enumerated() { sum += (148..<156).contains(offset) ? 0x20 : Int(byte) }
        guard try number(header, 148, 8) == sum else { throw ArchiveError(.damaged, "it has a damaged header") }
    }

    /// Lines of `<length> <key>=<value>\n`, the length being that of the line in decimal digits.
    private func readPax(_ range: Range<Int>, _ ahead: inout Ahead) throws(ArchiveError) {
        var rest = bytes[range]
        while let first = rest.first, first != 0 {
            let digits = rest.prefix { (0x30...0x39).contains($0) }
            guard digits.count <= 9, let length = Int(String(decoding: digits, as: UTF8.self)), length <= rest.count,
                length > digits.count + 2, rest[rest.startIndex + digits.count] == 0x20,
                rest[rest.startIndex + length - 1] == 0x0A
            else { throw ArchiveError(.damaged, "it has a damaged pax header") }
            let line = rest.dropFirst(digits.count + 1).prefix(length - digits.count - 2)
            let key = line.prefix { $0 != 0x3D }
            let value = Array(line.dropFirst(key.count + 1))
            switch String(decoding: key, as: UTF8.self) {
            case "path": ahead.name = value
            case "linkpath": ahead.link = value
            case "size":
                guard let size = Int(String(decoding: value, as: UTF8.self)), size >= 0 else {
                    throw ArchiveError(.damaged, "it has a damaged pax header")
                }
                ahead.size = size
            case let key where key.hasPrefix("GNU.sparse"):
                throw ArchiveError(.hostile, "it holds a sparse file")
            default: break
            }
            rest = rest.dropFirst(length)
        }
    }
}
