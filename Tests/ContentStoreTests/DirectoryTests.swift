import Basics
import ContentStore
import Testing

struct DirectoryTests {
    private let blob = Blob(of: Array("x".utf8))

    private func sample() throws -> Directory {
        try Directory(
            files: [
                .init(name: "b", blob: blob, isExecutable: true), .init(name: "a", blob: blob, isExecutable: false),
            ],
            folders: [.init(name: "c", blob: blob)], symlinks: [.init(name: "d", target: "a")])
    }

    @Test func `an encoding decodes to the same encoding, sorted`() throws {
        let bytes = try sample().encoded()
        let read = try Directory(decoding: bytes)
        #expect(read.encoded() == bytes)
        #expect(read.files.map(\.name) == ["a", "b"])
        #expect(read.files[1].isExecutable && !read.files[0].isExecutable)
    }

    @Test func `every truncation and every flipped bit is an error or another valid folder, never a crash`() throws {
        let bytes = try sample().encoded()
        for count in 1..<bytes.count {
            if let read = try? Directory(decoding: Array(bytes[..<count])) {
                #expect(read.encoded() == Array(bytes[..<count]))
            }
        }
        for index in bytes.indices {
            for bit in 0..<8 {
                var copy = bytes
                copy[index] ^= 1 << bit
                if let read = try? Directory(decoding: copy) { #expect(read.encoded() == copy) }
            }
        }
    }

    @Test func `random bytes never crash the decoder`() {
        var generator = SeededGenerator(state: 7)
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0...40, using: &generator)).map { _ in
                // Small numbers make likely tags and lengths.
                UInt8.random(in: 0...(Bool.random(using: &generator) ? 40 : 255), using: &generator)
            }
            _ = try? Directory(decoding: bytes)
        }
    }

    @Test(arguments: [
        "an unknown field", "a default value spelled out", "fields in another order", "files unsorted", "a name twice",
        "a varint with a needless byte", "a negative size", "a digest in capitals", "no digest", "a NUL in a name",
        "a slash in a name", "a name that is not UTF-8", "a length past the end",
    ])
    func `what is not canonical is refused`(what: String) throws {
        let hex = Array(blob.digest.hex.utf8)
        let digest = field(1, hex) + [0x10, 1]
        let a = field(1, field(1, [0x61]) + field(2, digest))
        let b = field(1, field(1, [0x62]) + field(2, digest))
        #expect(throws: Never.self) { try Directory(decoding: a + b) }
        let bytes: [UInt8] =
            switch what {
            case "an unknown field": a + field(5, [])
            case "a default value spelled out": field(1, field(1, [0x61]) + field(2, digest) + [0x20, 0])
            case "fields in another order": field(1, field(2, digest) + field(1, [0x61]))
            case "files unsorted": b + a
            case "a name twice": a + a
            case "a varint with a needless byte":
                field(1, field(1, [0x61]) + field(2, field(1, hex) + [0x10, 0x81, 0]))
            case "a negative size":
                field(
                    1,
                    field(1, [0x61]) + field(2, field(1, hex) + [0x10] + Array(repeating: 0xFF, count: 9) + [1]))
            case "a digest in capitals":
                field(1, field(1, [0x61]) + field(2, field(1, Array(blob.digest.hex.uppercased().utf8)) + [0x10, 1]))
            case "no digest": field(1, field(1, [0x61]))
            case "a NUL in a name": field(1, field(1, [0x61, 0]) + field(2, digest))
            case "a slash in a name": field(1, field(1, [0x61, 0x2F, 0x62]) + field(2, digest))
            case "a name that is not UTF-8": field(1, field(1, [0xFF]) + field(2, digest))
            default: [0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F]
            }
        #expect(throws: TreeError.self) { try Directory(decoding: bytes) }
    }

    private func field(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] {
        // All messages here are under 16 KiB.
        let count = bytes.count
        let length: [UInt8] = count < 128 ? [UInt8(count)] : [UInt8(count & 0x7F) | 0x80, UInt8(count >> 7)]
        return [number << 3 | 2] + length + bytes
    }
}
