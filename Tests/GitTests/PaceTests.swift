import Testing

@testable import Git

/// A server that lets a byte come now and then, or talks without end, is given up in a time that can be known.
@Suite struct `A transfer's pace` {
    private let patience = Duration.seconds(60)

    private func pace() -> TransferPace { TransferPace(patience: patience, at: .zero, bytes: 1000) }

    @Test func `is silent when neither bytes nor words come`() {
        var pace = pace()
        #expect(pace.look(at: .seconds(60), bytes: 1000) == .goesOn)
        pace.hear(at: .seconds(61))
        #expect(pace.look(at: .seconds(120), bytes: 1000) == .goesOn)
        #expect(pace.look(at: .seconds(122), bytes: 1000) == .silent)
    }

    @Test func `is too slow when a byte comes a second, and when only words do`() {
        var drip = pace()
        var words = pace()
        for second in 1...300 {
            #expect(drip.look(at: .seconds(second), bytes: 1000 + second) == .goesOn)
            words.hear(at: .seconds(second))
            #expect(words.look(at: .seconds(second), bytes: 1000) == .goesOn)
        }
        #expect(drip.look(at: .seconds(301), bytes: 1301) == .slow(bytes: 301))
        words.hear(at: .seconds(301))
        #expect(words.look(at: .seconds(301), bytes: 1000) == .slow(bytes: 0))
    }

    @Test func `of a slow line that gets on is borne for hours`() {
        var pace = pace()
        for second in 1...20_000 {
            #expect(pace.look(at: .seconds(second), bytes: 1000 + second * 150) == .goesOn)
        }
    }
}
