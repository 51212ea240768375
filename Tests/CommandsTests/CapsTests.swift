import Basics
import TestSupport
import Testing

/// A repository whose only skill has so many files, all with the same few bytes.
private func repository(of count: Int, at path: String) async throws -> RemoteRepository {
    let remote = try await RemoteRepository(at: path)
    let note = try await remote.blob(Array("n\n".utf8))
    let skill = try await remote.blob(Array(WebSite.skill("crowd").utf8))
    let digits = "\(count)".count
    let names = (0..<count - 1).map { number in
        let text = "\(number)"
        return "n" + String(repeating: "0", count: digits - text.count) + text
    }
    let notes = try await remote.tree(names.map { ("100644", Array($0.utf8), note) })
    _ = try await remote.commit(
        tree: try await remote.tree([
            ("100644", Array("SKILL.md".utf8), skill), ("40000", Array("notes".utf8), notes),
        ]))
    return remote
}

@Suite struct `How large a package may be` {
    @Test func `one of 100,000 files is refused, with the setting that allows more`() async throws {
        try await withCommandWorld { world in
            let remote = try await repository(of: 100_000, at: world.scratch + "/crowd.git")
            try world.writeManifest([])
            let result = try await world.skvm("add", remote.url)
            result.expectError(5, "git.too-large", "more than 20000 files, links and folders", "[limits] entries = N")
            #expect(!(try FileSystem.readText(world.project + "/skvm.toml")).contains("crowd"))
        }
    }

    @Test func `a manifest may allow more, and as little as it likes`() async throws {
        try await withCommandWorld { world in
            let remote = try await repository(of: 20_001, at: world.scratch + "/crowd.git")
            try world.writeManifest([])
            try await world.skvm("add", remote.url).expectError(5, "git.too-large")
            try world.writeManifest([], extra: "[limits]\nentries = 20002\n")
            try await world.done("add", remote.url)
            // What is in the lock was allowed once: another's project needs the setting, too, to fetch it anew.
            var empty = world
            empty.variables["SKVM_CACHE_DIR"] = world.scratch + "/empty"
            try world.writeManifest(["crowd = { git = \"\(remote.url)\" }"], extra: "[limits]\nentries = 10\n")
            try await empty.skvm("install", "--locked").expectError(
                5, "git.too-large", "more than 10 files, links and folders")
        }
    }

    @Test func `holds for a folder of this machine as for a repository`() async throws {
        try await withCommandWorld { world in
            try write(["SKILL.md": WebSite.skill("crowd")], in: world.project + "/crowd")
            try FileSystem.makeDirectories(world.project + "/crowd/notes")
            for number in 0..<30 { try write(["notes/\(number).md": "n\n"], in: world.project + "/crowd") }
            try world.writeManifest([], extra: "[limits]\nentries = 20\n")
            let hint = "[limits] entries = N"
            try await world.skvm("add", "./crowd").expectError(1, "file.refused", "more than 20 entries", hint)
            try world.writeManifest([], extra: "[limits]\nentries = 33\n")
            try await world.done("install", "./crowd")
        }
    }

    @Test func `a folder of more files than most have is installed where the manifest allows them`() async throws {
        try await withCommandWorld { world in
            try write(["SKILL.md": WebSite.skill("crowd")], in: world.project + "/crowd")
            try FileSystem.makeDirectories(world.project + "/crowd/notes")
            for number in 0..<20_010 { try FileSystem.write([0x0A], to: world.project + "/crowd/notes/\(number)") }
            try world.writeManifest([])
            try await world.skvm("add", "./crowd").expectError(1, "file.refused", "more than 20000 entries")
            try world.writeManifest([], extra: "[limits]\nentries = 200000\n")
            try await world.done("add", "./crowd")
        }
    }

    @Test(arguments: ["entries = 0", "entries = 200001", "entries = \"many\"", "files = 5"])
    func `a limit that is none is told where`(_ line: String) async throws {
        try await withCommandWorld { world in
            try world.writeManifest([], extra: "[limits]\n\(line)\n")
            let result = try await world.skvm("lock")
            #expect(result.status == 1 && result.errorText.contains("skvm.toml:"), "\(result.errorText)")
        }
    }

    @Test func `an index of 100,000 packages serves one of them, and what was added since`() async throws {
        try await withCommandWorld { world in
            let text = WebSite.skill("crowd")
            try write(["SKILL.md": text], in: world.scratch + "/crowd")
            let digest = try await world.done("digest", "crowd", in: world.scratch).outputText
            let tree = try #require(digest.split(separator: " ").first)
            func line(_ name: String, _ version: String) -> String {
                "{\"name\": \"\(name)\", \"version\": \"\(version)\", \"tree\": \"\(tree)\", \"path\": \"crowd\"}\n"
            }
            var files: [String: RemoteRepository.File] = [
                "registry.toml": "version = 1\nname = \"r\"\n", "crowd/SKILL.md": .text(text),
            ]
            let digits = Array("0123456789abcdefghijklmnopqrstuvwxyz").map(String.init)
            for number in 0..<100_000 {
                let (a, b) = (digits[number / 36 % 36] + digits[number / 1296 % 36], digits[number % 36] + "x")
                files["index/\(a)/\(b)/\(a)\(b)\(number).jsonl"] = .text(line("\(a)\(b)\(number)", "1.0.0"))
            }
            let remote = try await RemoteRepository(at: world.scratch + "/r.git")
            try await remote.commit(files)
            try world.writeManifest([], extra: "[registries]\ndefault = \"\(remote.url)\"\n")
            let name = "00" + "7x7"
            #expect(try await world.done("registry", "list").outputText.contains("100000 package"))
            try await world.done("add", name)
            #expect(try FileSystem.readText(world.project + "/skvm.lock").contains("\"\(name)\""))
            try await world.skvm("add", "nobody-has-this").expectError(1, "registry.unknown-package", "nobody-has-this")

            files["index/00/7x/\(name).jsonl"] = .text(line(name, "1.0.0") + line(name, "1.1.0"))
            try await remote.commit(files, time: 1_700_009_999)
            try await world.done("update")
            #expect(try FileSystem.readText(world.project + "/skvm.lock").contains("version = \"1.1.0\""))
        }
    }

    @Test func `an index line of 10 MB is refused by file and line, and other packages are served`() async throws {
        try await withCommandWorld { world in
            let tree = Digest(of: "").description
            func line(_ name: String, _ version: String, _ text: String = "") -> String {
                "{\"name\": \"\(name)\", \"version\": \"\(version)\", \"tree\": \"\(tree)\", \"path\": \"s\", "
                    + "\"description\": \"\(text)\"}\n"
            }
            let long = String(repeating: "x", count: 10_000_000)
            let files = [
                "registry.toml": "version = 1\nname = \"r\"\n",
                "index/ch/ar/charts.jsonl": line("charts", "1.0.0") + line("charts", "1.1.0", long),
                "index/pa/le/palette.jsonl": line("palette", "1.0.0", "colours"),
            ]
            try write(files, in: world.scratch + "/folder")
            let remote = try await RemoteRepository(at: world.scratch + "/r.git")
            try await remote.commit(files.mapValues { .text($0) })
            for address in [world.scratch + "/folder", remote.url] {
                try world.writeManifest([], extra: "[registries]\ndefault = \"\(address)\"\n")
                let refused = try await world.skvm("add", "charts")
                refused.expectError(6, "registry.bad-line", "/index/ch/ar/charts.jsonl:2", "more than 65536")
                #expect(refused.errorText.utf8.count < 2000)
                let info = try await world.done("info", "palette")
                #expect(info.outputText.contains("colours"))
                let search = try await world.done("search", "colours")
                #expect(search.outputText.contains("palette") && search.errorText.contains("[search.unreadable]"))
            }
        }
    }
}
