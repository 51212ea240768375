import Basics
import SkillModel
import Testing

@Suite struct `A source in a lock` {
    @Test(arguments: [
        "C#/lint", "d#e", "#", "a#b#c/d", "100%", "50%23", "%", "%25", "%2523", "%%23", "%2#", "%#", "%3F",
        "skills/pdf",
    ])
    func `is read as it was written, whatever its folder and branch are called`(_ name: String) throws {
        for address in [
            "https://example.org/o/r.git", "git@example.org:o/r", "file:///srv/s", "./C#/s", "../a?branch=b",
            "/srv/d#e%23",
        ] {
            let url = try #require(RepositoryURL(address))
            for reference in [nil, PackageSource.Reference.branch("fix#12"), .tag("v1%23")] {
                for path in [nil, RelativePath(name)] {
                    let source = PackageSource.git(url, reference: reference, path: path)
                    let read = try #require(PackageSource(source.description), "\(source)")
                    #expect(read == source && read.description == source.description, "\(source)")
                    guard case .git(let found, _, let folder) = read else { return }
                    #expect(found.description == address && folder == path)
                }
            }
        }
    }

    @Test func `without such marks is written as ever`() {
        for text in [
            "git+https://example.org/r?tag=v1#skills/pdf", "git+../r#100%/x%20y", "git+file:///srv/a%20b.git",
            "git+https://example.org/a%23b",
        ] { #expect(PackageSource(text)?.description == text) }
    }

    @Test(arguments: [
        ("https://h.org/o/leaf", "https://h.org/o/leaf.git"), ("https://h.org/o/leaf/", "https://h.org/o/leaf.git/"),
        ("https://H.org/o/leaf", "https://h.org/o/leaf"), ("git@H.org:o/leaf.git", "git@h.org:o/leaf"),
        ("ssh://git@H.org:22/o/leaf", "ssh://git@h.org:22/o/leaf.git"), ("/srv/leaf", "/srv/leaf/"),
        ("http://[::1]:80/leaf", "http://[::1]:80/leaf.git"),
    ])
    func `is the same for two spellings of one address, each written as it was read`(_ a: String, _ b: String) throws {
        let (first, second) = (try #require(RepositoryURL(a)), try #require(RepositoryURL(b)))
        #expect(first == second && first.hashValue == second.hashValue && !(first < second) && !(second < first))
        #expect(first.description == a && second.description == b)
        #expect(PackageSource("git+\(a)#x") == PackageSource("git+\(b)#x"))
        #expect(PackageSource("registry+\(a)") == PackageSource("registry+\(b)"))
    }

    @Test(arguments: [
        ("https://h.org/o/leaf", "https://h.org/O/leaf"), ("https://h.org/o/leaf", "http://h.org/o/leaf"),
        ("file:///srv/leaf", "file:///srv/leaf.git"), ("./leaf", "./leaf.git"),
        ("Git@h.org:o/leaf", "git@h.org:o/leaf"),
        ("https://h.org/o/.git", "https://h.org/o"), ("https://h.org/\u{301}A", "https://h.org/\u{301}a"),
        ("https://h.org:8443/leaf", "https://h.org/leaf"), ("git@h.org:A/leaf", "git@h.org:a/leaf"),
    ])
    func `is another for another address`(_ a: String, _ b: String) throws {
        #expect(try #require(RepositoryURL(a)) != (try #require(RepositoryURL(b))))
    }
}
