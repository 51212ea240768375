import Basics

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The user's home.
enum Home {
    /// `HOME` where it is absolute (the XDG specification has relative paths ignored), else what the system has of the user.
    /// Nil where neither says; never `/` for want of a better one.
    static func folder(_ environment: [String: String]) -> String? {
        if let home = environment["HOME"], home.hasPrefix("/") { return home }
        guard let entry = getpwuid(getuid()), let text = entry.pointee.pw_dir,
            case let home = String(cString: text), home.hasPrefix("/")
        else { return nil }
        return home
    }

    /// One of skvm's folders: what its own variable names (from the working directory), else below XDG's, else in the home.
    ///
    /// Throws `usage.home` when nothing says where.
    static func place(
        _ variable: String, _ xdg: String, _ fallback: String, _ environment: [String: String],
        workingDirectory: String
    ) throws(Diagnostic) -> String {
        if let own = environment[variable], !own.isEmpty {
            return FileSystem.absolute(own, from: workingDirectory)
        }
        // The specification: a relative XDG path is to be ignored.
        if let base = environment[xdg], base.hasPrefix("/") { return base + "/skvm" }
        guard let home = folder(environment) else { throw missing(variable) }
        return "\(home)/\(fallback)/skvm"
    }

    /// - Parameter variable: what else could say where the files go.
    private static func missing(_ variable: String) -> Diagnostic {
        Diagnostic(
            "usage.home", .error, "HOME is not set to an absolute path, and the system knows no home of this user",
            hint: "set HOME, or \(variable)", fault: .usage)
    }
}
