import Basics
import Git
import SkillModel

/// What was read of a registry's index at one commit and held against the past there: whoever asks for the same at that commit
/// opens no repository, and unpacks, hashes and compares nothing but the lines that they want.
///
/// One file, `lines-v2/.index` of what was seen of the repository (`docs/formats/state.md`): what forgets that forgets this. It
/// says nothing that the repository doesn't: of another commit, cut short or damaged, it is as good as none.
struct KeptIndex: Sendable {
    /// One package: what its file said.
    struct Package {
        var name: PackageName
        /// The SHA-256 of the file.
        var source: Digest
        var lines: [Line]
    }

    struct Line {
        var version: Version
        var isYanked: Bool
        /// Which line of the file it is, from 1.
        var number: Int
        var bytes: ArraySlice<UInt8>
    }

    /// A version of the outline, with the place where more is said of it.
    struct Item {
        var version: Version
        var isYanked: Bool
        var place: Int
    }

    /// The bytes of `registry.toml`.
    let header: ArraySlice<UInt8>
    private let bytes: [UInt8]
    /// Of the table's records.
    private let table: Range<Int>

    /// Nil for what is not there, damaged, or of another commit. O(bytes), and O(packages) for the digest over the table.
    init?(reading path: String, at commit: ObjectID) {
        guard let bytes = try? FileSystem.read(path, limit: Self.greatestSize) else { return nil }
        self.init(bytes, at: commit)
    }

    init?(_ bytes: [UInt8], at commit: ObjectID) {
        let start = Self.magic.count + 32
        guard bytes.count > start + 28, bytes.starts(with: Self.magic), bytes[start..<start + 20] == commit.bytes[...],
            let headerEnd = Self.end(of: bytes, start + 24, Self.word(bytes, start + 20)),
            let count = Self.word(bytes, headerEnd),
            let end = Self.end(of: bytes, headerEnd + 4, count * Record.size),
            Digest(of: bytes[start..<end]) == Digest(bytes: bytes[Self.magic.count..<start])
        else { return nil }
        header = bytes[start + 24..<headerEnd]
        table = headerEnd + 4..<end
        self.bytes = bytes
    }

    /// A file of more than this many bytes is neither written nor read.
    static let greatestSize = 16 << 20
    private static let magic = Array("skvm-index-1\n".utf8)

    private static func word(_ bytes: [UInt8], _ place: Int) -> Int? {
        guard place >= 0, place <= bytes.count - 4 else { return nil }
        return bytes.withUnsafeBytes {
            Int(UInt32(littleEndian: $0.loadUnaligned(fromByteOffset: place, as: UInt32.self)))
        }
    }

    /// Where `count` bytes from `start` on end; nil when there are not so many.
    private static func end(of bytes: [UInt8], _ start: Int, _ count: Int?) -> Int? {
        guard let count, start <= bytes.count, count <= bytes.count - start else { return nil }
        return start + count
    }

    // MARK: Reading

    /// A package in the table: 64 bytes of its name, zeros behind it; where its outline is (u32) and how long (u32); the
    /// outline's SHA-256. Sorted by name.
    private enum Record {
        static let size = 64 + 4 + 4 + 32
    }

    /// What a package's lines are of, the oldest version first. Nil when nothing is kept of it, or it is damaged. O(versions).
    func items(of name: PackageName) -> [Item]? {
        guard let outline = outline(of: name), let count = Self.word(bytes, outline.lowerBound + 32) else { return nil }
        var items: [Item] = []
        items.reserveCapacity(min(count, outline.count / Entry.size))
        let isWhole = bytes.withUnsafeBufferPointer { buffer in
            var place = outline.lowerBound + 36
            for _ in 0..<count {
                let text = place + Entry.size
                guard text <= outline.upperBound else { return false }
                let end = text + Int(buffer[place + 1]) + Int(buffer[place + 2]) << 8
                guard end <= outline.upperBound,
                    let version = Version(utf8: UnsafeBufferPointer(rebasing: buffer[text..<end]))
                else { return false }
                items.append(Item(version: version, isYanked: buffer[place] != 0, place: place))
                place = end
            }
            return place == outline.upperBound
        }
        return isWhole ? items : nil
    }

    /// A version in an outline: whether it is withdrawn (u8), the length of its text (u16), the line's number, place and length
    /// (u32 each) and SHA-256; the version's text follows.
    private enum Entry {
        static let size = 1 + 2 + 12 + 32
    }

    /// The line that an item is of; nil when it is damaged. O(its bytes).
    func line(at place: Int) -> (bytes: ArraySlice<UInt8>, number: Int)? {
        guard let number = Self.word(bytes, place + 3), let start = Self.word(bytes, place + 7),
            let end = Self.end(of: bytes, start, Self.word(bytes, place + 11)), place + Entry.size <= bytes.count
        else { return nil }
        let line = bytes[start..<end]
        return Digest(of: line) == Digest(bytes: bytes[place + 15..<place + 47]) ? (line, number) : nil
    }

    /// All that is kept, less what is damaged, to be written again. O(bytes).
    func packages() -> [Package] {
        stride(from: table.lowerBound, to: table.upperBound, by: Record.size).compactMap { record in
            let text = bytes[record..<record + 64].prefix { $0 != 0 }
            guard let name = PackageName(String(decoding: text, as: UTF8.self)),
                let items = items(of: name), let outline = outline(of: name),
                let source = Digest(bytes: bytes[outline.lowerBound..<outline.lowerBound + 32])
            else { return nil }
            var package = Package(name: name, source: source, lines: [])
            for item in items {
                guard let line = line(at: item.place) else { return nil }
                package.lines.append(
                    Line(version: item.version, isYanked: item.isYanked, number: line.number, bytes: line.bytes))
            }
            return package
        }
    }

    /// Where a package's outline is, which is whole. O(log packages).
    private func outline(of name: PackageName) -> Range<Int>? {
        var wanted = name.description
        let found = wanted.withUTF8 { wanted in
            bytes.withUnsafeBufferPointer { bytes -> Int? in
                func name(_ number: Int) -> Slice<UnsafeBufferPointer<UInt8>> {
                    bytes[(table.lowerBound + number * Record.size)...].prefix(64).prefix { $0 != 0 }
                }
                let count = table.count / Record.size
                let number = (0..<count).firstSorted { !name($0).lexicographicallyPrecedes(wanted) }
                return number < count && name(number).elementsEqual(wanted)
                    ? table.lowerBound + number * Record.size : nil
            }
        }
        guard let found, let start = Self.word(bytes, found + 64),
            let end = Self.end(of: bytes, start, Self.word(bytes, found + 68)), end - start >= 36,
            Digest(of: bytes[start..<end]) == Digest(bytes: bytes[found + 72..<found + 104])
        else { return nil }
        return start..<end
    }

    // MARK: Writing

    /// The file that keeps these packages, as many of them in this order as there is room for. O(bytes), and sorting.
    static func file(of packages: [Package], header: ArraySlice<UInt8>, at commit: ObjectID) -> [UInt8] {
        var size = magic.count + 32 + 28 + header.count
        var taken: [Package] = []
        for package in packages {
            let lines = package.lines.reduce(0) { $0 + Entry.size + Version.greatestLength + $1.bytes.count }
            if size + Record.size + 36 + lines > greatestSize { continue }
            size += Record.size + 36 + lines
            taken.append(package)
        }
        taken.sort { $0.name < $1.name }
        let outlinesStart = magic.count + 32 + 28 + header.count + taken.count * Record.size
        let linesStart = outlinesStart + taken.reduce(0) { $0 + outlineSize($1) }
        var outlines: [UInt8] = []
        var lines: [UInt8] = []
        var table: [UInt8] = commit.bytes
        append(header.count, to: &table)
        table += header
        append(taken.count, to: &table)
        for package in taken {
            let start = outlines.count
            append(package, to: &outlines, &lines, linesStart)
            let name = Array(package.name.description.utf8)
            table += name + Array(repeating: 0, count: 64 - name.count)
            append(outlinesStart + start, to: &table)
            append(outlines.count - start, to: &table)
            table += Digest(of: outlines[start...]).bytes
        }
        return magic + Digest(of: table).bytes + table + outlines + lines
    }

    private static func outlineSize(_ package: Package) -> Int {
        36 + package.lines.reduce(0) { $0 + Entry.size + $1.version.description.utf8.count }
    }

    private static func append(
        _ package: Package, to outlines: inout [UInt8], _ lines: inout [UInt8], _ linesStart: Int
    ) {
        outlines += package.source.bytes
        append(package.lines.count, to: &outlines)
        for line in package.lines.sorted(by: { $0.version < $1.version }) {
            let version = Array(line.version.description.utf8)
            outlines += [line.isYanked ? 1 : 0, UInt8(version.count & 0xFF), UInt8(version.count >> 8)]
            append(line.number, to: &outlines)
            append(linesStart + lines.count, to: &outlines)
            append(line.bytes.count, to: &outlines)
            outlines += Digest(of: line.bytes).bytes
            outlines += version
            lines += line.bytes
        }
    }

    private static func append(_ word: Int, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: UInt32(clamping: word).littleEndian) { bytes.append(contentsOf: $0) }
    }
}
