import Basics

extension GitRepository {
    /// Runs `body`, and again after a pause as long as what it throws may pass.
    func persistently<R: Sendable>(_ body: () async throws(GitError) -> R) async throws(GitError) -> R {
        let network = cache.network
        var failures = 0
        while true {
            do throws(GitError) {
                return try await body()
            } catch {
                failures += 1
                let allowed = min(network.retries, await triesMore(error.outlook))
                guard failures <= allowed, !cache.isOffline else { throw error.after(failures) }
                let pause = network.milliseconds(after: failures)
                network.report(
                    .failed(
                        address: url.text, reason: error.detail, milliseconds: pause, attempt: failures + 1,
                        attempts: allowed + 1))
                guard (try? await Task.sleep(for: .milliseconds(pause))) != nil else {
                    throw GitError(.cancelled, "stopped")
                }
            }
        }
    }

    private func triesMore(_ outlook: Outlook) async -> Int {
        switch outlook {
        case .lasting: 0
        case .onceMore: 1
        case .passing: .max
        case .byName:
            if let host = url.host, await Blocking.run({ mayResolveLater(host: host) }) { .max } else { 0 }
        }
    }
}

extension GitError {
    fileprivate func after(_ failures: Int) -> GitError {
        guard failures > 1 else { return self }
        var error = self
        error.detail += " (tried \(failures) times)"
        return error
    }
}
