import Basics
import Synchronization

/// What git has said and when something came last.
final class TransferWatch: Sendable {
    private struct State {
        var messages = GitMessages()
        var last = ContinuousClock.now
        var bytes = 0
    }

    private let state = Mutex(State())
    private let address: String
    private let report: @Sendable (TransferEvent) -> Void

    init(address: String, report: @escaping @Sendable (TransferEvent) -> Void) {
        self.address = address
        self.report = report
    }

    var text: String { state.withLock { $0.messages.text } }

    func take(_ bytes: [UInt8]) {
        let amount = state.withLock { state in
            state.last = .now
            return state.messages.take(bytes)
        }
        if let amount { report(.received(address: address, amount)) }
    }

    /// Notes how much is there now; returns for how long nothing has come.
    func silence(at bytes: Int) -> Duration {
        state.withLock { state in
            if bytes != state.bytes { (state.bytes, state.last) = (bytes, .now) }
            return state.last.duration(to: .now)
        }
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
    /// nothing comes for `patience` times as long as the user bears it.
    func watched(
        _ folder: RepositoryFolder, limit: Int, patience: Int,
        _ body: @escaping @Sendable (TransferWatch) async throws(GitError) -> ProgramResult
    ) async throws(GitError) -> ProgramResult {
        let watch = TransferWatch(address: folder.url.text, report: report)
        let before = folder.packedBytes()
        // Over http git itself gives up after that time, and can say more.
        let silence = Duration.seconds(wishes.silence * patience + (folder.url.isWeb ? 5 : 0))
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
                    if wishes.silence > 0, watch.silence(at: size) > silence {
                        return .failure(GitFailure.silent(folder.url, seconds: Int(silence.components.seconds)))
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
    fileprivate static func silent(_ url: GitURL, seconds: Int) -> GitError {
        let message = "it sent nothing for \(seconds) seconds"
        return GitFailure(
            kind: .code(
                .network,
                hint: "run the same command again; for a server that needs longer: "
                    + "`git config --global http.lowSpeedTime <seconds>`"), message: message
        ).error(for: url)
    }
}
