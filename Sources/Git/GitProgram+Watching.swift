import Basics
import Synchronization

/// How a transfer gets on: whether it is silent, and whether it is so slow that it would never end.
struct TransferPace: Sendable {
    enum Verdict: Equatable, Sendable {
        case goesOn
        /// Neither a byte nor a word came.
        case silent
        /// What came is too little: a server can keep a connection open for ever with a byte now and then, or with words.
        case slow(bytes: Int)
    }

    /// How long nothing may come.
    let patience: Duration
    /// So many bytes must come within five times that: about 100 a second, where 60 seconds are borne.
    static let least = 32 << 10
    private var last: Duration
    private var bytes: Int
    private var mark: (time: Duration, bytes: Int)

    /// Begins at `now`, with `bytes` there already.
    init(patience: Duration, at now: Duration, bytes: Int) {
        self.patience = patience
        (last, self.bytes, mark) = (now, bytes, (now, bytes))
    }

    /// Something was said.
    mutating func hear(at now: Duration) { last = max(last, now) }

    /// Git itself worked on what had come: that is no fault of the server's.
    mutating func work(at now: Duration) {
        hear(at: now)
        mark.time = max(mark.time, now)
    }

    /// Looks at how much is there.
    mutating func look(at now: Duration, bytes: Int) -> Verdict {
        if bytes != self.bytes { (self.bytes, last) = (bytes, now) }
        if now - last > patience { return .silent }
        if bytes - mark.bytes >= Self.least { mark = (now, bytes) }
        return now - mark.time > patience * 5 ? .slow(bytes: bytes - mark.bytes) : .goesOn
    }
}

/// What git has said, and how its transfer gets on.
final class TransferWatch: Sendable {
    private struct State {
        var messages = GitMessages()
        var pace: TransferPace
    }

    private let state: Mutex<State>
    private let began = ContinuousClock.now
    private let address: String
    private let report: @Sendable (TransferEvent) -> Void

    init(address: String, patience: Duration, bytes: Int, report: @escaping @Sendable (TransferEvent) -> Void) {
        state = Mutex(State(pace: TransferPace(patience: patience, at: .zero, bytes: bytes)))
        self.address = address
        self.report = report
    }

    var text: String { state.withLock { $0.messages.text } }

    func take(_ bytes: [UInt8]) {
        let amount = state.withLock { state in
            let (now, before) = (began.duration(to: .now), state.messages.ownSteps)
            let amount = state.messages.take(bytes)
            if state.messages.ownSteps > before { state.pace.work(at: now) } else { state.pace.hear(at: now) }
            return amount
        }
        if let amount { report(.received(address: address, amount)) }
    }

    /// Notes how much is there now.
    func verdict(at bytes: Int) -> TransferPace.Verdict {
        state.withLock { $0.pace.look(at: began.duration(to: .now), bytes: bytes) }
    }
}

extension GitProgram {
    /// What the user's git is told about slow servers, and by which ssh it goes.
    struct Wishes: Sendable {
        /// Seconds without a byte after which a server is given up; 0 never does.
        var silence = 60
        var lowSpeed: [String] = []
        var hasSSHCommand = false

        /// Looks outside of any repository: in the one that skvm fetches into, a project's own settings don't count.
        init(_ environment: [String: String]) async {
            let result = try? await Program(
                "git",
                [
                    "--git-dir=/nonexistent", "config", "--get-regexp",
                    #"^(http\.lowspeed(limit|time)|core\.sshcommand)$"#,
                ],
                environment: environment
            ).run(limit: 1 << 16)
            var found: [String: String] = [:]
            for line in result?.outputText.split(separator: "\n") ?? [] {
                let words = line.split(separator: " ", maxSplits: 1)
                found[words[0].lowercased()] = words.count > 1 ? String(words[1]) : ""
            }
            hasSSHCommand = found["core.sshcommand"] != nil
            let time = environment["GIT_HTTP_LOW_SPEED_TIME"] ?? found["http.lowspeedtime"]
            if let time = time.flatMap({ Int($0) }), (0...86_400).contains(time) { silence = time }
            if found["http.lowspeedlimit"] == nil { lowSpeed += ["-c", "http.lowSpeedLimit=1"] }
            if found["http.lowspeedtime"] == nil { lowSpeed += ["-c", "http.lowSpeedTime=\(silence)"] }
        }
    }

    /// Cancels `body` when the repository grows by more than `limit` bytes, for a server can send without end, and when
    /// nothing comes for `patience` times as long as the user bears it, or for five times that next to nothing.
    func watched(
        _ folder: RepositoryFolder, limit: Int, patience: Int,
        _ body: @escaping @Sendable (TransferWatch) async throws(GitError) -> ProgramResult
    ) async throws(GitError) -> ProgramResult {
        let before = folder.packedBytes()
        // Over http git itself gives up after that time, and can say more.
        let silence = Duration.seconds(wishes.silence * patience + (folder.url.isWeb ? 5 : 0))
        let watch = TransferWatch(address: folder.url.text, patience: silence, bytes: before, report: report)
        let result: Result<ProgramResult, GitError> = await withTaskGroup(of: Result<ProgramResult, GitError>?.self) {
            group in
            group.addTask {
                do throws(GitError) { return .success(try await body(watch)) } catch { return .failure(error) }
            }
            group.addTask {
                while (try? await Task.sleep(for: .milliseconds(250))) != nil {
                    guard let size = try? await Blocking.run({ () throws(GitError) in folder.packedBytes() }) else {
                        continue
                    }
                    if size - before > limit {
                        return .failure(
                            GitError(.tooLarge, "\(folder.url) sent more than the limit of \(limit) bytes"))
                    }
                    if wishes.silence == 0 { continue }
                    let seconds = Int(silence.components.seconds)
                    switch watch.verdict(at: size) {
                    case .goesOn: continue
                    case .silent: return .failure(GitFailure.silent(folder.url, "nothing", seconds: seconds))
                    case .slow(let bytes):
                        return .failure(
                            GitFailure.silent(folder.url, "no more than \(bytes) bytes", seconds: seconds * 5))
                    }
                }
                return nil
            }
            var answer: Result<ProgramResult, GitError>?
            while answer == nil, let next = await group.next() { answer = next }
            group.cancelAll()
            return answer ?? .failure(GitError(.cancelled, "stopped"))
        }
        return try result.get()
    }
}

extension GitFailure {
    fileprivate static func silent(_ url: GitURL, _ what: String, seconds: Int) -> GitError {
        let message = "it sent \(what) for \(seconds) seconds"
        return GitFailure(
            kind: .code(
                .network,
                hint: "run the same command again; for a server that needs longer: "
                    + "`git config --global http.lowSpeedTime <seconds>`"), message: message
        ).error(for: url)
    }
}
