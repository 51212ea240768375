import CZlib

/// Unpacking by zlib, bounded: no more is made than was allowed.
enum Inflation {
    /// All members of a gzip file, one behind the other. Throws `tooLarge` as soon as there is more than `limit`.
    static func gunzip(_ bytes: [UInt8], limit: Int) throws(ArchiveError) -> [UInt8] {
        var result: [UInt8] = []
        var rest = bytes[...]
        repeat {
            let (plain, used) = try run(rest, bits: 15 + 16, limit: limit - result.count)
            if result.isEmpty { result = plain } else { result += plain }
            rest = rest.dropFirst(used)
        } while rest.starts(with: [0x1F, 0x8B])
        // Tapes are padded with zeros, and so are some files.
        guard rest.allSatisfy({ $0 == 0 }) else { throw ArchiveError(.damaged, "there are bytes behind its end") }
        return result
    }

    /// The bare stream of one file of a zip: `size` bytes, of all of `bytes`.
    static func inflate(_ bytes: ArraySlice<UInt8>, size: Int) throws(ArchiveError) -> [UInt8] {
        let (plain, used) = try run(bytes, bits: -15, limit: size)
        guard used == bytes.count, plain.count == size else {
            throw ArchiveError(.damaged, "a file in it has another size than it says")
        }
        return plain
    }

    static func checksum(of bytes: [UInt8]) throws(ArchiveError) -> UInt32 {
        try requireLibrary()
        var sum: UInt = 0
        bytes.withUnsafeBufferPointer { buffer in
            var rest = buffer[...]
            while !rest.isEmpty {
                let part = rest.prefix(1 << 30)
                sum = skvm_zlib_crc32(sum, UnsafeBufferPointer(rebasing: part).baseAddress, UInt32(part.count))
                rest = rest.dropFirst(part.count)
            }
        }
        return UInt32(truncatingIfNeeded: sum)
    }

    private static func requireLibrary() throws(ArchiveError) {
        guard skvm_zlib_is_ready() == 1 else {
            throw ArchiveError(.unavailable, "zlib can't be loaded, and archives are unpacked by it")
        }
    }

    /// What one stream holds, and how many bytes of `input` it took.
    private static func run(
        _ input: ArraySlice<UInt8>, bits: Int32, limit: Int
    ) throws(ArchiveError) -> (plain: [UInt8], used: Int) {
        try requireLibrary()
        var stream = z_stream()
        guard skvm_zlib_begin(&stream, bits) == Z_OK else { throw ArchiveError(.unavailable, "zlib has no memory") }
        defer { skvm_zlib_end(&stream) }
        // One byte more than allowed tells a stream that goes on from one that ends.
        let most = max(0, limit) + 1
        var plain: [UInt8] = []
        var status = Z_OK
        var used = 0
        input.withUnsafeBufferPointer { source in
            // zlib reads through a pointer that it declares mutable.
            stream.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
            var room = [UInt8](repeating: 0, count: 1 << 18)
            while status == Z_OK, plain.count < most {
                if stream.avail_in == 0 { stream.avail_in = UInt32(min(source.count - used, 1 << 30)) }
                let before = stream.avail_in
                let made = room.withUnsafeMutableBufferPointer { buffer in
                    stream.next_out = buffer.baseAddress
                    stream.avail_out = UInt32(min(buffer.count, most - plain.count))
                    let offered = stream.avail_out
                    status = skvm_zlib_inflate(&stream, Z_NO_FLUSH)
                    return Int(offered - stream.avail_out)
                }
                used += Int(before - stream.avail_in)
                plain += room.prefix(made)
                if made == 0, before == stream.avail_in, status == Z_OK { status = Z_BUF_ERROR }
            }
        }
        if plain.count >= most { throw ArchiveError(.tooLarge, "it unpacks to more than \(limit) bytes") }
        guard status == Z_STREAM_END else {
            throw ArchiveError(.damaged, status == Z_BUF_ERROR ? "it is cut off" : "its packed bytes are damaged")
        }
        return (plain, used)
    }
}
