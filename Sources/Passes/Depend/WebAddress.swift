/// Hosts of addresses.
enum WebAddress {
    /// The host of the first `http(s)://` in a text; nil when it is a placeholder, local or numeric.
    static func host(in text: String) -> String? {
        guard let scheme = text[...].range(of: "://") else { return nil }
        let host = text[scheme.upperBound...].prefix {
            $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == ".")
        }
        let name = host.lowercased()
        guard name.contains("."), !name.hasPrefix("example."), !name.hasSuffix(".example.com"),
            !name.hasSuffix(".local"),
            !name.allSatisfy({ $0.isNumber || $0 == "." })
        else { return nil }
        return name
    }

    /// The host of an address that a command has without a scheme and with a path: `wttr.in/London`; nil for a file.
    static func bareHost(in text: String) -> String? {
        guard !text.contains("://"), !text.hasPrefix("-"), !text.hasPrefix("."), let slash = text.firstIndex(of: "/"),
            let dot = text[..<slash].lastIndex(of: "."), dot > text.startIndex
        else { return nil }
        let suffix = text[text.index(after: dot)..<slash]
        return (2...3).contains(suffix.count) && suffix.allSatisfy { $0.isASCII && $0.isLowercase }
            ? host(in: "https://" + text) : nil
    }

    /// The label before the public suffix: `api.serper.dev` → serper.
    static func owner(ofHost host: String) -> String? {
        let labels = host.split(separator: ".").map(String.init)
        guard labels.count >= 2 else { return nil }
        let second = labels[labels.count - 2]
        if labels.count >= 3, ["co", "com", "org", "net", "ac", "gov"].contains(second) {
            return labels[labels.count - 3]
        }
        return second
    }
}
