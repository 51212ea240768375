#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Wall-clock time. Only for racy-file checks and last-use times: no key, lock or variant holds a time.
package enum WallClock {
    /// Nanoseconds since the epoch, on the clock that file systems stamp files with.
    package static func now() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
