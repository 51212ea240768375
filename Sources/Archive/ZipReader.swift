/// Reads the central directory of a zip, and holds each entry against its local header: a program that unpacks by the one
/// must not see other files than a program that unpacks by the other.
struct ZipReader {
    private let bytes: [UInt8]
    private let limit: Int

    init(_ bytes: [UInt8], limit: Int) {
        self.bytes = bytes
        self.limit = limit
    }

    func entries() throws(ArchiveError) -> [Archive.Entry] {
        let end = try endRecord()
        let count = integer(end + 10, 2)
        let (size, start) = (integer(end + 12, 4), integer(end + 16, 4))
        guard count < 0xFFFF, start < 0xFFFF_FFFF else {
            throw ArchiveError(.format, "it is a zip64, for more than 65,534 files or 4 GiB")
        }
        guard integer(end + 4, 4) == 0, integer(end + 8, 2) == count else {
            throw ArchiveError(.format, "it is one part of a zip of several")
        }
        guard start + size == end else { throw ArchiveError(.damaged, "its directory is not where it says") }
        guard count <= limit else { throw ArchiveError(.tooLarge, "it has more than \(limit) entries") }
        var entries: [Archive.Entry] = []
        var position = start
        for _ in 0..<count { entries.append(try entry(at: &position, before: end, start)) }
        guard position == end else { throw ArchiveError(.damaged, "its directory has another length than it says") }
        return entries
    }

    /// Where the last record begins: its comment ends with the file. Two that could be it are none.
    private func endRecord() throws(ArchiveError) -> Int {
        let places = (max(0, bytes.count - 22 - 0xFFFF)...max(0, bytes.count - 22)).filter { place in
            place + 22 <= bytes.count && integer(place, 4) == 0x0605_4B50
                && place + 22 + integer(place + 20, 2) == bytes.count
        }
        guard places.count == 1 else {
            throw ArchiveError(.damaged, places.isEmpty ? "it is cut off" : "it has two directories")
        }
        return places[0]
    }

    private func entry(
        at position: inout Int, before end: Int, _ directory: Int
    ) throws(ArchiveError) -> Archive.Entry {
        let start = position
        guard end - start >= 46, integer(start, 4) == 0x0201_4B50 else {
            throw ArchiveError(.damaged, "it has a damaged directory")
        }
        let (nameLength, extra, comment) = (integer(start + 28, 2), integer(start + 30, 2), integer(start + 32, 2))
        guard end - start - 46 >= nameLength + extra + comment else {
            throw ArchiveError(.damaged, "it has a damaged directory")
        }
        position = start + 46 + nameLength + extra + comment
        let name = Array(bytes[start + 46..<start + 46 + nameLength])
        guard !name.contains(0) else { throw ArchiveError(.hostile, "a name in it has a NUL byte") }
        let (flags, method) = (integer(start + 8, 2), integer(start + 10, 2))
        if flags & 1 != 0 { throw ArchiveError(.hostile, "`\(Archive.shown(name))` in it needs a password") }
        let (packed, size) = (integer(start + 20, 4), integer(start + 24, 4))
        let data = try data(of: name, at: integer(start + 42, 4), method, packed, before: directory)
        let checksum = UInt32(truncatingIfNeeded: integer(start + 16, 4))
        let place: Archive.Place
        switch method {
        case 0 where packed == size: place = .stored(data, checksum: checksum)
        case 8: place = .deflated(data, checksum: checksum)
        case 0: throw ArchiveError(.damaged, "`\(Archive.shown(name))` in it has two sizes")
        default:
            throw ArchiveError(.format, "`\(Archive.shown(name))` in it is packed by method \(method), not deflate")
        }
        // Only what was made on Unix and macOS has modes.
        let isUnix = [3, 19].contains(integer(start + 5, 1))
        let mode = isUnix ? integer(start + 38, 4) >> 16 : 0
        var entry = Archive.Entry(
            name: name, kind: .file(executable: mode & 0o111 != 0), size: size, place: place)
        switch mode & 0o170000 {
        case 0o120000:
            guard size <= 4096 else { throw ArchiveError(.hostile, "a link in it is longer than 4096 bytes") }
            entry.kind = .symlink(target: try Archive.contents(entry, of: bytes))
            entry.size = 0
        case 0, 0o100000, 0o040000:
            if name.last == 0x2F || mode & 0o170000 == 0o040000 {
                entry.kind = .folder
                entry.size = 0
            }
        default:
            throw ArchiveError(
                .hostile, "`\(Archive.shown(name))` in it is a device, a pipe or another thing that no skill holds")
        }
        return entry
    }

    /// Where the bytes of an entry are, by its local header, which must be of the same name and method.
    private func data(
        of name: [UInt8], at start: Int, _ method: Int, _ packed: Int, before directory: Int
    ) throws(ArchiveError) -> Range<Int> {
        let fault = ArchiveError(.damaged, "`\(Archive.shown(name))` is not where its directory says")
        guard start <= directory - 30, integer(start, 4) == 0x0403_4B50, integer(start + 8, 2) == method else {
            throw fault
        }
        let (nameLength, extra) = (integer(start + 26, 2), integer(start + 28, 2))
        let data = start + 30 + nameLength + extra
        guard data <= directory, packed <= directory - data, bytes[start + 30..<start + 30 + nameLength] == name[...]
        else { throw fault }
        return data..<data + packed
    }

    /// Little-endian; the caller knows that it is there.
    private func integer(_ offset: Int, _ length: Int) -> Int {
        (0..<length).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
    }
}
