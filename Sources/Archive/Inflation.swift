import CZlib

/// Unpacking by zlib, bounded: no more is made than was allowed.
enum Inflation {
    /// All members of a gzip file, one behind the other. Throws `tooLarge` as soon as there is more than `limit`.
    static func gunzip(_ bytes: [UInt8], limit: Int) throws(ArchiveError) -> [UInt8] {
        try requireLibrary()
        let inflater = try Inflater(bits: 15 + 16, room: 1 << 18)
        var result: [UInt8] = []
        var rest = bytes[...]
        repeat {
            rest = rest.dropFirst(try inflater.run(rest, into: &result, limit: limit))
        } while rest.starts(with: [0x1F, 0x8B])
        // Tapes are padded with zeros, and so are some files.
        guard rest.allSatisfy({ $0 == 0 }) else { throw ArchiveError(.damaged, "there are bytes behind its end") }
        return result
    }

    /// The bare stream of one file of a zip: `size` bytes, of all of `bytes`.
    static func inflate(_ bytes: ArraySlice<UInt8>, size: Int) throws(ArchiveError) -> [UInt8] {
        try requireLibrary()
        var plain: [UInt8] = []
        let used = try Inflater(bits: -15, room: min(size + 1, 1 << 18)).run(bytes, into: &plain, limit: size)
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
}

/// zlib's state and a buffer for what it makes, used again for each stream: a file may be made of millions of empty ones.
private final class Inflater {
    /// zlib remembers where it is.
    private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    private var room: [UInt8]
    private var isReady = false
    private var isUsed = false

    /// The library must be there.
    init(bits: Int32, room: Int) throws(ArchiveError) {
        self.room = [UInt8](repeating: 0, count: room)
        stream.initialize(to: z_stream())
        guard skvm_zlib_begin(stream, bits) == Z_OK else { throw ArchiveError(.unavailable, "zlib has no memory") }
        isReady = true
    }

    deinit {
        if isReady { _ = skvm_zlib_end(stream) }
        stream.deallocate()
    }

    /// Adds what one stream holds to `result`, which may grow to `limit` bytes; how many bytes of `input` the stream took.
    func run(_ input: ArraySlice<UInt8>, into result: inout [UInt8], limit: Int) throws(ArchiveError) -> Int {
        if isUsed { _ = skvm_zlib_again(stream) }
        isUsed = true
        stream.pointee.avail_in = 0
        // One byte more than allowed tells a stream that goes on from one that ends.
        let most = max(0, limit) + 1
        var status = Z_OK
        var used = 0
        input.withUnsafeBufferPointer { source in
            // zlib reads through a pointer that it declares mutable.
            stream.pointee.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
            while status == Z_OK, result.count < most {
                if stream.pointee.avail_in == 0 { stream.pointee.avail_in = UInt32(min(source.count - used, 1 << 30)) }
                let before = stream.pointee.avail_in
                let made = room.withUnsafeMutableBufferPointer { buffer in
                    stream.pointee.next_out = buffer.baseAddress
                    stream.pointee.avail_out = UInt32(min(buffer.count, most - result.count))
                    let offered = stream.pointee.avail_out
                    status = skvm_zlib_inflate(stream, Z_NO_FLUSH)
                    return Int(offered - stream.pointee.avail_out)
                }
                used += Int(before - stream.pointee.avail_in)
                result += room.prefix(made)
                if made == 0, before == stream.pointee.avail_in, status == Z_OK { status = Z_BUF_ERROR }
            }
        }
        if result.count >= most { throw ArchiveError(.tooLarge, "it unpacks to more than \(limit) bytes") }
        guard status == Z_STREAM_END else {
            throw ArchiveError(.damaged, status == Z_BUF_ERROR ? "it is cut off" : "its packed bytes are damaged")
        }
        return used
    }
}
