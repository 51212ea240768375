package import Basics

/// Why a web server gave nothing.
package struct HTTPError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// The network is not to be used.
        case offline
        /// The address is none that skvm speaks to.
        case address
        /// The server can't be reached, the line broke, or it took too long.
        case network
        /// Its certificate is not to be trusted.
        case certificate
        /// It leads from https to http, in a circle, or to no address.
        case redirect
        /// It has no such thing: 404 or 410.
        case notFound = "not-found"
        /// It wants to know who asks, or does not let them in: 401 or 403; or the proxy does, 407.
        case authentication
        /// It is asked too often: 429.
        case busy
        /// Another answer that is none: 500 and its kind.
        case status
        case tooLarge = "too-large"
        /// libcurl can't be loaded.
        case unavailable
    }

    package var code: Code
    /// Names the address: lower case, without queries, credentials and control characters.
    package var detail: String
    package var hint: String?
    /// Of the answer, where there was one.
    package var status: Int?
    /// What the server itself said with that status, at most 64 KiB; nil when it is no text. It may be about anything: whoever
    /// shows it must know the server's answers to hold no secret.
    package var answer: String?

    package init(_ code: Code, _ detail: String, hint: String? = nil, status: Int? = nil, answer: String? = nil) {
        self.code = code
        self.detail = detail
        self.hint = hint
        self.status = status
        self.answer = answer
    }

    package var description: String { detail }

    /// What a user is told of it.
    package var diagnostic: Diagnostic {
        let fault: Fault =
            switch code {
            case .offline: .offline
            case .address: .build
            case .tooLarge, .redirect: .integrity
            default: .outside
            }
        return Diagnostic("http.\(code.rawValue)", .error, detail, hint: hint, fault: fault)
    }
}
