#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Looks from outside at what a sandbox's processes use together. The kernel bounds each of them by itself; a bound on the sum
/// would need a control group, which a user can't make everywhere, and root is exempt from the one on processes.
///
/// It looks every `interval`: what is used and given back in between is not seen.
struct SandboxWatch {
    static let interval: Int64 = 100

    let memory: Int
    let processes: Int
    /// The sandbox's own process namespace, once it is known.
    private var namespace: String?

    init(memory: Int, processes: Int) {
        self.memory = memory
        self.processes = processes
    }

    /// The bound that the processes below bubblewrap, which is `process`, have passed. O(processes of the machine).
    mutating func fault(below process: pid_t) -> SandboxError? {
        guard let namespace = namespace ?? Self.namespace(below: process) else { return nil }
        self.namespace = namespace
        let inside = ((try? FileSystem.list("/proc")) ?? []).filter {
            $0.utf8.allSatisfy { (0x30...0x39).contains($0) } && Self.link($0) == namespace
        }
        var (threads, used) = (0, 0)
        for one in inside {
            let status = Self.numbers("/proc/\(one)/status", ["Threads:", "RssAnon:", "RssShmem:", "VmSwap:"])
            threads += status[0]
            used += status[1] + status[2] + status[3]
        }
        if threads > processes { return .processes(processes) }
        guard used > memory / 1024 else { return nil }
        // Forked processes share what they do not write to: only then is it worth to count each page once.
        let shared = inside.map { Self.numbers("/proc/\($0)/smaps_rollup", ["Pss_Anon:", "Pss_Shmem:", "SwapPss:"]) }
        let exact = shared.reduce(0) { $0 + $1.reduce(0, +) }
        return exact == 0 || exact > memory / 1024 ? .memory(memory) : nil
    }

    private static func namespace(below process: pid_t) -> String? {
        guard let children = text("/proc/\(process)/task/\(process)/children"),
            let child = children.split(separator: " ").first, let found = link(String(child)), found != link("self")
        else { return nil }
        return found
    }

    /// A file of the kernel's, which says of itself that it is empty; its first 16 KiB.
    private static func text(_ path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 16 << 10)
        var count = 0
        while count < bytes.count {
            let got = bytes.withUnsafeMutableBytes { read(descriptor, $0.baseAddress! + count, $0.count - count) }
            if got <= 0 { break }
            count += got
        }
        return String(decoding: bytes[..<count], as: UTF8.self)
    }

    private static func link(_ process: String) -> String? { try? FileSystem.readLink("/proc/\(process)/ns/pid") }

    /// The numbers after these names in a file of the kernel's; 0 for what is not there.
    private static func numbers(_ path: String, _ names: [String]) -> [Int] {
        var found = [Int](repeating: 0, count: names.count)
        guard let text = text(path) else { return found }
        for line in text.split(separator: "\n") {
            let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
            guard words.count > 1, let place = names.firstIndex(of: String(words[0])) else { continue }
            found[place] = Int(words[1]) ?? 0
        }
        return found
    }
}
