import Basics
import Git
import Testing

@Suite struct `An address` {
    @Test(arguments: [
        ("https://Example.ORG/a/b.git/", "https://example.org/a/b.git"),
        ("http://127.0.0.1:8080/git/a", "http://127.0.0.1:8080/git/a"),
        ("HTTPS://h/x", "https://h/x"),
        ("https://me@h/x", "https://h/x"), ("http://a1b2c3d4@h/x", "http://h/x"),
        ("ssh://AKIAZ7Q2example0123456789@h/x", "ssh://AKIAZ7Q2example0123456789@h/x"),
        ("ssh://git@h:2222/~me/x", "ssh://git@h:2222/~me/x"),
        ("git@Example.org:a/b.git", "git@example.org:a/b.git"),
        ("host:a", "host:a"),
        ("[::1]:a", "[::1]:a"),
        ("https://[2001:db8::1]:443/x", "https://[2001:db8::1]:443/x"),
        ("file:///srv/a", "file:///srv/a"),
        ("file://localhost/srv/a", "file:///srv/a"),
        ("/srv/with space/a", "/srv/with space/a"),
        ("https://h/ä", "https://h/ä"),
    ])
    func `is read in all the forms that git knows`(text: String, normal: String) throws {
        #expect(try GitURL(text).text == normal)
    }

    @Test(arguments: [
        "", "-", "--upload-pack=touch /tmp/x", "-\u{301}oProxyCommand=x", "ext::sh -c id", "fd::17", "foo::https://h/x",
        "git://h/x", "ftp://h/x", "rsync://h/x", "https://", "https://h", "https://h/",
        "https:///x", "https://-h/x", "ssh://-oProxyCommand=x/y", "ssh://u@-h/y", "ssh://-u@h/y", "ssh://u:p@h/y",
        "h:-x", "-h:x", "a/b:c", "./folder", "folder", "https://h:0/x", "https://h:99999/x", "https://h:/x",
        "https://h:+1/x", "https://h/a?b=c", "https://h/a#b", "https://h/../x", "https://h/a\nb", "https://h/a\u{0}b",
        "https://h/\u{202E}x", "https://h/a b", "https://h o/x", "file://host/x", "file:///", "file://",
        "https://h%00/x",
        "https://a%ZZ:b@h/x", "https://a%0A:b@h/x", "https://[::1/x", "https://[]/x", "/a\u{7}b",
    ])
    func `that is unsafe or unknown is refused`(text: String) {
        let error = #expect(throws: GitError.self) { try GitURL(text) }
        #expect(error?.code == .refusedURL)
        #expect(error?.diagnostic.id == "git.url")
    }

    @Test func `shows its user and password nowhere`() throws {
        let url = try GitURL("https://me:s%40cret@example.org/a")
        #expect(url.hasCredentials)
        #expect(url.text == "https://example.org/a")
        #expect("\(url)" == "https://example.org/a")
        #expect(url == (try GitURL("https://example.org/a")))
        let error = #expect(throws: GitError.self) { try GitURL("https://me:s3cret@example.org/a?x") }
        #expect(error?.detail.contains("s3cret") == false)
    }

    @Test(arguments: [
        "https://ghp_canary0123456789@h:0/x", "https://9koXpg98eAheJpvBs5tK@h/x?y", "ssh://ghp_canary0123456789@h/x",
        "ghp_canary0123456789@h:x", "https://9koXpg98eAheJpvBs5tK@h", "https://canary@h:0/x",
    ])
    func `that is refused shows no token`(text: String) {
        let error = #expect(throws: GitError.self) { try GitURL(text) }
        for secret in ["canary", "9koXpg98"] { #expect(error.map { "\($0.diagnostic)".contains(secret) } == false) }
    }

    @Test func `of 4,097 bytes is refused`() {
        #expect(throws: GitError.self) { try GitURL("https://h/" + String(repeating: "a", count: 4087)) }
    }
}

@Suite struct `A reference` {
    @Test(arguments: ["main", "v1.2.0", "feature/x", "pdf-tables/v1.0.0", "0123456789abcdef0123456789abcdef01234567"])
    func `has the names that git allows`(name: String) {
        #expect(ReferenceName(name)?.text == name)
    }

    @Test(arguments: [
        "", "-x", "--exec=x", "a..b", "a b", "a~1", "a^", "a:b", "a?", "a*", "[a", "a\\b", "a\u{7F}", "a\n", ".a",
        "a/.b", "/a", "a/", "a//b", "a.lock", "a.lock/b", "a.", "@", "a@{1}",
    ])
    func `with any other name is refused`(name: String) {
        #expect(ReferenceName(name) == nil)
        let error = #expect(throws: GitError.self) { try ReferenceName(checking: name) }
        #expect(error?.diagnostic.id == "git.reference")
    }
}
