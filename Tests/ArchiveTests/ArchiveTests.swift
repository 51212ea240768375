import Archive
import Basics
import TestSupport
import Testing

private func read(_ bytes: [UInt8], limit: Int = 1 << 20, entries: Int = 1000) throws -> [String] {
    let archive = try Archive(bytes, limit: limit, entries: entries)
    return try archive.entries.map { entry in
        let name = String(decoding: entry.name, as: UTF8.self)
        switch entry.kind {
        case .folder: return "\(name) folder"
        case .symlink(let target): return "\(name) → \(String(decoding: target, as: UTF8.self))"
        case .hardlink(let target): return "\(name) = \(String(decoding: target, as: UTF8.self))"
        case .file(let executable):
            let bytes = try archive.contents(of: entry)
            return "\(name)\(executable ? "*" : "") \(String(decoding: bytes.prefix(20), as: UTF8.self))"
        }
    }
}

private func failure(_ bytes: [UInt8], limit: Int = 1 << 20, entries: Int = 1000) -> ArchiveError? {
    do {
        let found = try read(bytes, limit: limit, entries: entries)
        Issue.record("it was read: \(found)")
    } catch let error as ArchiveError { return error } catch { Issue.record("\(error)") }
    return nil
}

/// Makes an archive by Python, whose script has `out` to write to.
private func python(_ script: String) async throws -> [UInt8] {
    try await withScratch { folder in
        let head = """
            import io, os, struct, sys, tarfile, zipfile, zlib, gzip
            out = "\(folder)/out"
            def tar(entries, **options):
                with tarfile.open(out, "w:gz", **options) as archive:
                    for name, text, *rest in entries:
                        info = tarfile.TarInfo(name)
                        for key, value in (rest[0] if rest else {}).items(): setattr(info, key, value)
                        data = text.encode()
                        info.size = len(data) if info.type == tarfile.REGTYPE else 0
                        archive.addfile(info, io.BytesIO(data))
            def raw(change):
                with open(out, "rb") as file: data = bytearray(file.read())
                data = change(data)
                with open(out, "wb") as file: file.write(data)

            """
        let result = try await Program("python3", ["-c", head + script]).run()
        try #require(result.succeeded, "\(result.errorText)")
        return try FileSystem.read(folder + "/out")
    }
}

@Suite struct ArchiveTests {
    @Test func `a file of half a million packed parts is unpacked by one state of zlib`() async throws {
        let bytes = try await python(
            """
            tar([("SKILL.md", "x")])
            raw(lambda data: gzip.compress(b"") * 500_000 + data)
            """)
        #expect(try read(bytes) == ["SKILL.md x"])
        #expect(failure(Array(bytes.dropLast(3)))?.code == .damaged)
    }

    @Test(arguments: ["--format=gnu", "--format=pax", "--format=ustar"])
    func `what tar packed comes out as it was`(_ format: String) async throws {
        try await withScratch { folder in
            let long = String(repeating: "d", count: 60) + "/" + String(repeating: "n", count: 90)
            try FileSystem.makeDirectories(folder + "/skill/" + String(repeating: "d", count: 60))
            try FileSystem.write(Array("text".utf8), to: folder + "/skill/SKILL.md")
            try FileSystem.write(Array("deep".utf8), to: folder + "/skill/" + long)
            try FileSystem.write(Array("#!/bin/sh".utf8), to: folder + "/skill/run.sh")
            let made = try await Program(
                "sh",
                [
                    "-c",
                    "chmod 755 skill/run.sh && ln -s run.sh skill/link && ln skill/run.sh skill/same && "
                        + "tar \(format) --sort=name -czf out.tar.gz -C skill .",
                ], directory: folder
            ).run()
            try #require(made.succeeded, "\(made.errorText)")
            let found = try read(try FileSystem.read(folder + "/out.tar.gz"))
            #expect(
                found == [
                    "./ folder", "./SKILL.md text", "./\(String(repeating: "d", count: 60))/ folder", "./\(long) deep",
                    "./link → run.sh", "./run.sh* #!/bin/sh", "./same = ./run.sh",
                ])
        }
    }

    @Test func `what a zip holds comes out as it was, by either method`() async throws {
        let bytes = try await python(
            """
            with zipfile.ZipFile(out, "w") as archive:
                archive.writestr("SKILL.md", "text" * 100, zipfile.ZIP_DEFLATED)
                archive.writestr("plain", "plain", zipfile.ZIP_STORED)
                archive.mkdir("folder") if hasattr(archive, "mkdir") else archive.writestr("folder/", "")
                info = zipfile.ZipInfo("run.sh"); info.create_system = 3; info.external_attr = 0o100755 << 16
                archive.writestr(info, "#!/bin/sh")
                info = zipfile.ZipInfo("link"); info.create_system = 3; info.external_attr = 0o120777 << 16
                archive.writestr(info, "run.sh")
                archive.writestr("größe", "umlaut")
            """)
        #expect(
            try read(bytes) == [
                "SKILL.md texttexttexttexttext", "plain plain", "folder/ folder", "run.sh* #!/bin/sh",
                "link → run.sh", "größe umlaut",
            ])
    }

    @Test func `names that are not ASCII come out as they are, whatever the locale`() async throws {
        let bytes = try await python(#"tar([("日本語/größe", "x")], format=tarfile.PAX_FORMAT)"#)
        #expect(try read(bytes) == ["日本語/größe x"])
    }

    @Test func `a bomb is stopped at the limit, not unpacked`() async throws {
        let tar = try await python(#"tar([("zeros", "\0" * (8 << 20))])"#)
        #expect(tar.count < 20_000)
        #expect(failure(tar)?.code == .tooLarge)
        let zip = try await python(
            """
            with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive: archive.writestr("zeros", "\\0" * (8 << 20))
            # The directory and the local header say that there is little.
            raw(lambda data: bytearray(bytes(data).replace(struct.pack("<I", 8 << 20), struct.pack("<I", 10))))
            """)
        #expect(failure(zip)?.code == .tooLarge)
        let many = try await python(#"tar([("f%d" % i, "") for i in range(50)])"#)
        #expect(failure(many, entries: 49)?.code == .tooLarge)
        #expect(try read(many, entries: 50).count == 50)
    }

    @Test(arguments: [
        #"tar([("dev", "", {"type": tarfile.CHRTYPE})])"#, #"tar([("pipe", "", {"type": tarfile.FIFOTYPE})])"#,
        """
        with zipfile.ZipFile(out, "w") as archive:
            info = zipfile.ZipInfo("dev"); info.create_system = 3; info.external_attr = 0o020777 << 16
            archive.writestr(info, "")
        """,
        """
        with zipfile.ZipFile(out, "w") as archive: archive.writestr("a", "b")
        # The flag that says: encrypted.
        def change(data):
            data[6] |= 1
            data[data.index(b"PK\\x01\\x02") + 8] |= 1
            return data
        raw(change)
        """,
    ])
    func `what no skill may hold is refused`(_ script: String) async throws {
        #expect(failure(try await python(script))?.code == .hostile)
    }

    @Test(arguments: [
        // The local header has another name than the directory.
        """
        with zipfile.ZipFile(out, "w") as archive: archive.writestr("good.md", "b")
        raw(lambda data: data[:30] + b"evil.md" + data[37:])
        """,
        // Something before, something behind, two ends.
        """
        with zipfile.ZipFile(out, "w") as archive: archive.writestr("a", "b")
        raw(lambda data: b"PK\\x03\\x04" + data)
        """,
        """
        with zipfile.ZipFile(out, "w") as archive: archive.writestr("a", "b")
        raw(lambda data: data + b"x")
        """,
        """
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("a", "b")
            archive.comment = b"PK\\x05\\x06" + b"\\0" * 18
        """,
        // Wrong bytes.
        """
        with zipfile.ZipFile(out, "w") as archive: archive.writestr("a", "bbbbbb")
        raw(lambda data: bytearray(bytes(data).replace(b"bbbbbb", b"bbbbbc")))
        """,
        #"tar([("a", "b" * 5000)]); raw(lambda data: data[:-20])"#,
        #"tar([("a", "b")]); raw(lambda data: data + b"more")"#,
        // A tar that breaks off within a file, and one with a damaged header.
        #"tar([("a", "b" * 5000)]); raw(lambda data: gzip.compress(gzip.decompress(bytes(data))[:3000]))"#,
        """
        tar([("a", "b")])
        raw(lambda data: gzip.compress(bytes(gzip.decompress(bytes(data))).replace(b"ustar", b"uster", 1)))
        """,
        // An entry behind the end.
        #"tar([("a", "b")]); raw(lambda data: data + gzip.compress(gzip.decompress(bytes(data))))"#,
    ])
    func `an archive that contradicts itself is refused`(_ script: String) async throws {
        #expect(failure(try await python(script))?.code == .damaged)
    }

    @Test func `what is no archive is said to be none`() {
        #expect(failure(Array("<!doctype html>".utf8))?.code == .format)
        #expect(failure([])?.code == .format)
        #expect(failure([0x50, 0x4B])?.code == .damaged)
        #expect(failure([0x1F, 0x8B])?.code == .damaged)
    }

    @Test func `no single changed byte makes the readers crash`() async throws {
        let tar = try await python(#"tar([("a/b", "text"), ("l", "", {"type": tarfile.SYMTYPE, "linkname": "a"})])"#)
        let plain = try await python(
            #"tar([("a/b", "text")]); raw(lambda data: gzip.decompress(bytes(data)))"#)
        let zip = try await python(
            """
            with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr("a/b", "text" * 10); archive.writestr("c", "")
            """)
        var refused = 0
        for bytes in [tar, zip] {
            for index in bytes.indices {
                for flip in [0x01, 0x80, 0xFF] as [UInt8] {
                    var changed = bytes
                    changed[index] ^= flip
                    do { _ = try read(changed) } catch { refused += 1 }
                }
            }
            for count in bytes.indices { if (try? read(Array(bytes.prefix(count)))) == nil { refused += 1 } }
        }
        #expect(refused > zip.count)
        #expect(plain.count > 1024)
    }
}
