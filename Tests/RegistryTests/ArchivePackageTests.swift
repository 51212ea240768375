import Basics
import ContentStore
import Git
import HTTP
import Registry
import SkillModel
import TestSupport
import Testing

@Suite struct ArchivePackageTests {
    /// What skvm makes of an archive that a real server hands out; Python makes it as `archive.tar.gz` or `archive.zip`.
    private func entries(
        _ script: String, zip: Bool = false, limits: GitLimits = GitLimits(), path: String? = nil
    ) async throws -> [String] {
        try await withScratch { scratch in
            let file = "archive" + (zip ? ".zip" : ".tar.gz")
            let head = """
                import io, os, tarfile, zipfile
                out = "\(scratch)/site/\(file)"
                skill = ("SKILL.md", "---\\nname: a\\n---\\n")
                def tar(*entries):
                    with tarfile.open(out, "w:gz") as archive:
                        for name, text, *rest in entries:
                            info = tarfile.TarInfo(name)
                            for key, value in (rest[0] if rest else {}).items(): setattr(info, key, value)
                            info.size = len(text.encode()) if info.type == tarfile.REGTYPE else 0
                            archive.addfile(info, io.BytesIO(text.encode()))
                def zip(*entries):
                    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
                        for name, text, *rest in entries:
                            info = zipfile.ZipInfo(name)
                            info.create_system = 3
                            info.external_attr = (rest[0] if rest else 0o100644) << 16
                            archive.writestr(info, text)
                def link(name, target): return (name, "", {"type": tarfile.SYMTYPE, "linkname": target})
                def hard(name, target): return (name, "", {"type": tarfile.LNKTYPE, "linkname": target})

                """
            try FileSystem.makeDirectories(scratch + "/site")
            let made = try await Program("python3", ["-W", "ignore", "-c", head + script]).run()
            try #require(made.succeeded, "\(made.errorText)")
            return try await StaticWebServer.serving(scratch + "/site") { server in
                let store = ContentStore(root: scratch + "/store")
                let web = WebSources(client: HTTPClient(environment: [:]) { _ in }, store: store, limits: limits)
                let url = try #require(WebURL("\(server.address)/\(file)"))
                let name = try #require(PackageName("a"))
                let source = WebSource.file(url, path: path.flatMap { RelativePath($0) }, sha256: nil)
                let release = try await web.release(of: source, name: name)
                let tree = try #require(release.tree)
                return try #require(try store.tree(tree)).map { entry in
                    switch entry.kind {
                    case .symlink(let target): "\(entry.path) → \(target)"
                    case .file(_, let executable): "\(entry.path)\(executable ? "*" : "")"
                    }
                }
            }
        }
    }

    private func refusal(_ script: String, zip: Bool = false, limits: GitLimits = GitLimits()) async throws -> String {
        do {
            let found = try await entries(script, zip: zip, limits: limits)
            Issue.record("it was taken: \(found)")
        } catch let error as DiagnosticsError { return error.diagnostics.map { "\($0.id) \($0.message)" }.joined() }
        return ""
    }

    @Test func `the file of a hard link is found at once, however many members there are`() async throws {
        var limits = GitLimits()
        limits.entries = 100_000
        let found = try await entries(
            """
            folders = [(f"d{i}/", "", {"type": tarfile.DIRTYPE}) for i in range(30_000)]
            tar(("SKILL.md", "x"), *folders, ("last", "x", {"mode": 0o755}), *[hard(f"h{i}", "last") for i in range(30_000)])
            """, limits: limits)
        #expect(found.count == 30_002 && found.filter { $0.hasSuffix("*") }.count == 30_001)
    }

    @Test func `files, links, executable bits and hard links come out; what worked-in folders leave is left out`()
        async throws
    {
        let found = try await entries(
            """
            tar(("./", "", {"type": tarfile.DIRTYPE}), ("./SKILL.md", "x"), ("./scripts/run.sh", "x", {"mode": 0o755}),
                link("./scripts/again", "run.sh"), link("./top", "scripts/run.sh"), hard("./same.sh", "./scripts/run.sh"),
                ("./.git/config", "x"), ("./a/.DS_Store", "x"), ("__MACOSX/._SKILL.md", "x"), ("./größe/日本.md", "x"))
            """)
        #expect(
            found == [
                "SKILL.md", "größe/日本.md", "same.sh*", "scripts/again → run.sh", "scripts/run.sh*",
                "top → scripts/run.sh",
            ])
    }

    @Test func `one folder around all is taken off, also where its folder is named`() async throws {
        let wrapped = #"tar(("repo-1a2b/SKILL.md", "x"), ("repo-1a2b/sub/SKILL.md", "x"), ("repo-1a2b/sub/n.md", "x"))"#
        #expect(try await entries(wrapped) == ["SKILL.md", "sub/SKILL.md", "sub/n.md"])
        #expect(try await entries(wrapped, path: "sub") == ["SKILL.md", "n.md"])
        #expect(try await entries(wrapped, path: "repo-1a2b/sub") == ["SKILL.md", "n.md"])
    }

    @Test(arguments: [
        #"tar(skill, ("/etc/passwd", "x"))"#, #"tar(skill, ("../up", "x"))"#, #"tar(skill, ("a/../../up", "x"))"#,
        #"tar(skill, ("a\\b", "x"))"#, #"tar(skill, ("README", "x"), ("readme", "x"))"#, #"tar(skill, skill)"#,
        #"tar(skill, ("a", "x"), ("a/b", "x"))"#, #"tar(skill, ("dir/a", "x"), ("DIR/b", "x"))"#,
        #"tar(skill, ("gr\u00f6\u00dfe", "x"), ("gro\u0308\u00dfe", "x"))"#, #"tar(skill, ("a\nb", "x"))"#,
        #"tar(skill, (".GIT/config", "x"))"#, #"tar(skill, ("sub/.git /hooks", "x"))"#, #"tar(skill, ("a//b", "x"))"#,
        #"tar(skill, link("l", "/etc/passwd"))"#, #"tar(skill, link("l", "../../x"))"#,
        #"tar(skill, link("d", "."), ("d/x", "x"))"#, #"tar(skill, link("l", "a/../../b"))"#,
        #"tar(skill, hard("h", "/etc/passwd"))"#, #"tar(skill, hard("h", "later"), ("later", "x"))"#,
        #"tar(("top/SKILL.md", "x"), link("top/l", "../x"))"#,
    ])
    func `a hostile tar is refused, and the entry is named`(_ script: String) async throws {
        let message = try await refusal(script)
        #expect(message.hasPrefix("git.hostile-entry"), "\(message)")
    }

    @Test(arguments: [
        #"zip(skill, ("../up", "x"))"#, #"zip(skill, ("/abs", "x"))"#, #"zip(skill, ("A", "x"), ("a", "x"))"#,
        #"zip(skill, ("l", "/etc/passwd", 0o120777))"#, #"zip(skill, ("l", "../x", 0o120777))"#, #"zip(skill, skill)"#,
    ])
    func `a hostile zip is refused, and the entry is named`(_ script: String) async throws {
        let message = try await refusal(script, zip: true)
        #expect(message.hasPrefix("git.hostile-entry"), "\(message)")
    }

    @Test func `what is too many, too large or too deep is refused before it is stored`() async throws {
        var limits = GitLimits()
        (limits.entries, limits.fileBytes, limits.folderBytes, limits.depth) = (10, 1000, 2500, 4)
        for script in [
            #"tar(skill, *[("f%d" % i, "") for i in range(10)])"#, #"tar(skill, ("big", "x" * 1001))"#,
            #"tar(skill, *[("f%d" % i, "x" * 900) for i in range(3)])"#, #"tar(skill, ("a/b/c/d/e", ""))"#,
        ] {
            let message = try await refusal(script, limits: limits)
            #expect(message.hasPrefix("git.too-large"), "\(script): \(message)")
        }
        let bomb = try await refusal(#"tar(skill, ("big", "x" * 1000000))"#, limits: limits)
        #expect(bomb.hasPrefix("archive.too-large"), "\(bomb)")
    }

    @Test func `an archive without a skill is said to have none, and where there is one`() async throws {
        #expect(try await refusal(#"tar(("a", "x"))"#).hasPrefix("archive.no-skill"))
        #expect(try await refusal(#"tar(("a/SKILL.md", "x"), ("b/SKILL.md", "x"))"#).hasPrefix("archive.no-skill"))
        #expect(try await refusal(#"open(out, "w").write("<html>")"#).hasPrefix("archive.format"))
    }
}
