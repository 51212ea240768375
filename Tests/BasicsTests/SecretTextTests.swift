import Basics
import Testing

struct SecretTextTests {
    @Test(arguments: [
        ("https://tok@h/x", "https://…@h/x"), ("HTTPS://u:p@h/x", "HTTPS://…@h/x"),
        ("https://u:p/w@rd@h/x", "https://…@h/x"), ("https://a1b2c3d4@h/x@^1", "https://…@^1"),
        ("http://h/x@^1", "http://h/x@^1"), ("https://h/@scope/x", "https://h/@scope/x"),
        ("ssh://git@h/x", "ssh://git@h/x"), ("ssh://ghp_x@h/x", "ssh://…@h/x"), ("git@h:x", "git@h:x"),
        ("ghp_x@h:x", "…@h:x"), ("me:secret@h/x", "…@h/x"), ("needs: python@3", "needs: python@3"), ("", ""),
        ("https://h/x?private_token=abc", "https://h/x?private_token=…"),
        ("https://h/a:b/@scope/x@1", "https://h/a:b/@scope/x@1"), ("https://h:8080/x@^1", "https://h:8080/x@^1"),
        ("https://[::1]:80/x@1", "https://[::1]:80/x@1"), ("https://u:12@h/x@1", "https://…@1"),
        ("https://u:p/w@h", "https://…@h"), ("https://[u:p/w@h", "https://…@h"), ("ssh://u:1@h/x", "ssh://…@h/x"),
        // Digits before a `/` look like a port: what follows the last `@` tells.
        ("https://user:12/34@host", "https://…@host"), ("https://user:12/34@host/x.git", "https://…@host/x.git"),
        ("https://u:1/2@10.0.0.1:80/x", "https://…@10.0.0.1:80/x"), ("ssh://u:12/34@h/x", "ssh://…@h/x"),
        ("https://u:12/3@4@h/x@^1", "https://…@^1"), ("https://u:123456/x@1.0", "https://…@1.0"),
        ("http://h:80/x@>=1.0,<2", "http://h:80/x@>=1.0,<2"),
        ("http://h:80/x@=1.0.0-rc.1", "http://h:80/x@=1.0.0-rc.1"),
        ("http://h:80/x#a/b@~1.2", "http://h:80/x#a/b@~1.2"), ("http://h:80/x@*", "http://h:80/x@*"),
        ("https://user:p@ss@host/x", "https://…@host/x"), ("https://u:p@ss/w@rd@h/x", "https://…@h/x"),
        ("https://[::1]/x.git@^1", "https://[::1]/x.git@^1"), ("https://u:p@[::1]:80/x", "https://…@[::1]:80/x"),
        ("ssh://git@[::1]:22/x", "ssh://git@[::1]:22/x"), ("https://u:p%40ss@h/x", "https://…@h/x"),
        ("ssh://u%3Apass@h/x", "ssh://…@h/x"), ("https://u%3apass@h/x", "https://…@h/x"),
        ("https://ghp_abc@h/", "https://…@h/"), ("git@h:a/b.git@^1", "git@h:a/b.git@^1"),
        ("git@h:a/@b/c", "git@h:a/@b/c"), ("h:a/b.git@^1", "h:a/b.git@^1"), ("me:se/cret@h/x", "…@h/x"),
        ("me:12/34@h:x", "…@h:x"), ("ssh://git@h/x?token=abc", "ssh://git@h/x?token=…"),
        ("git://h/x?a=b&Access-Token=c&key=d", "git://h/x?a=b&Access-Token=…&key=…"),
        ("https://h/x#access_token=abc&a=b", "https://h/x#access_token=…&a=b"),
        ("https://h/x?branch=a;token=b", "https://h/x?branch=…"), ("https://h/x#docs/token", "https://h/x#docs/token"),
    ])
    func `an address is shown without what may be a secret`(address: String, shown: String) {
        #expect(SecretText.shown(address) == shown)
    }

    @Test(arguments: [
        ("`https://a1b2c3d4@h/x` is none, write https://h/x", "`https://…@h/x` is none, write https://h/x"),
        ("http://u:p@h and ssh://git@h and me@h.org", "http://…@h and ssh://git@h and me@h.org"),
        ("git+https://u@h/x", "git+https://…@h/x"), ("no address @ all ://@", "no address @ all ://@"),
        ("https://h/@scope/x@1", "https://h/@scope/x@1"),
        ("'http://h/r.git?token=abc' is none", "'http://h/r.git?token=…' is none"),
        ("(https://h/x?a=b&abc#f), https://h?c=d", "(https://h/x?a=…&…#f), https://h?c=…"),
        ("git+https://h/x?tag=v1&path=a/b#0123", "git+https://h/x?tag=v1&path=a/b#0123"),
        ("what? a://b?c=d", "what? a://b?c=d"),
        ("https://me:pa/ss@h/x in https://h:8080/x@^1", "https://…@h/x in https://h:8080/x@^1"),
        ("ssh://me:secret@h/x, ssh://git@h:22/x", "ssh://…@h/x, ssh://git@h:22/x"),
        ("https://h/a:b@c and https://h/x:y/@owner/z", "https://h/a:b@c and https://h/x:y/@owner/z"),
        ("https://[::1]:80/x@1, https://[u:p/w@h", "https://[::1]:80/x@1, https://…@h"),
        ("https://u:12@h/x and https://u:p/w@h/x:1", "https://…@h/x and https://…@h/x:1"),
        ("http://a/http://t@b/x?k=v", "http://a/http://…@b/x?k=…"),
        ("unable to access 'https://user:12/34@host/x/': no", "unable to access 'https://…@host/x/': no"),
        (
            "`http://127.0.0.1:80/x#y@^1`, 'http://127.0.0.1:80/x@1.2'.",
            "`http://127.0.0.1:80/x#y@^1`, 'http://127.0.0.1:80/x@1.2'."
        ),
        ("from ssh://ghp_abc@h/x and git+ssh://u%3Ap@h", "from ssh://…@h/x and git+ssh://…@h"),
        ("see ssh://h/x?secret=a and a://b?c=d", "see ssh://h/x?secret=… and a://b?c=d"),
    ])
    func `a sentence is shown without what may be secret in its addresses`(text: String, shown: String) {
        #expect(SecretText.withoutSecrets(in: text) == shown)
        let told = Diagnostic("x", .error, text, notes: [text], hint: text)
        #expect([told.message] + told.notes + [told.hint] == [shown, shown, shown])
    }

    @Test func `git's objects have git's names`() {
        #expect(SHA1.objectName("blob", []) == "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391")
        #expect(SHA1.objectName("blob", Array("hello\n".utf8)) == "ce013625030ba8dba906f756967f9e9ca394464a")
    }
}
