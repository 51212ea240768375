import Basics
import Testing

struct SecretTextTests {
    @Test(arguments: [
        "git", "me", "a-long-user-name-of-somebody", "firstname.lastname.of.a.company", "release-robot-of-team-42",
        "organisationwithoutanyblanks", "MicrosoftDocsContributor", "builds_of_the_northern_office",
        "JohnDoe42", "team-7-bot", "O365admin", "iPhone15dev", "jenkins-ci-2", "user2name3x",
    ])
    func `a name is a name, however long`(name: String) {
        #expect(!SecretText.isToken(name) && !SecretText.isMarked(name))
    }

    @Test(arguments: [
        "ghp_short", "github_pat_11ABC", "glpat-xyz", "hf_abc", "x-token-auth", "9koXpg98eAheJpvBs5tK",
        "da39a3ee5e6b4b0d3255bfef95601890afd80709", "d41d8cd98f00b204e9800998ecf8427e",
        "kpx4r6b2c7d5q3z2m6n7v4w5t2y3h6j4f5g6s7a2l3e4o5i6u7q2", "ATBBexample0123456789", "aBcDeFgHiJkLmNoPqRsT",
        "a8Fk29dLq0Zx", "1b2c3d4e5f", "q7W2m9Kx",
    ])
    func `a token is none`(token: String) {
        #expect(SecretText.isToken(token))
    }

    @Test func `hardly any text of random letters is taken for a name`() {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
        var state: UInt64 = 7
        func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state >> 33
        }
        var names = 0
        for _ in 0..<100_000 {
            let text = (0..<20).map { _ in digits[Int(next() % UInt64(digits.count))] }
            if !SecretText.isToken(String(decoding: text, as: UTF8.self)) { names += 1 }
        }
        // Without any digit, and with few changes of case: one in a hundred, of tokens that no server gives any more.
        #expect(names < 2500, "\(names)")
    }

    @Test func `git's objects have git's names`() {
        #expect(SHA1.objectName("blob", []) == "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391")
        #expect(SHA1.objectName("blob", Array("hello\n".utf8)) == "ce013625030ba8dba906f756967f9e9ca394464a")
    }
}
