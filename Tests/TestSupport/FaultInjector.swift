import Basics

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Ends a program before one chosen system call, or lets that call fail. Beside `strace`, whose counts are for each thread
/// and each kind of call, this one counts all threads and all calls that change a file system as one sequence, so that
/// every single one can be met.
package struct FaultInjector: Sendable {
    package enum Fault: Sendable {
        /// Only counts.
        case none
        /// All processes are killed before the call.
        case kill(at: Int)
        /// The call fails, later ones don't.
        case error(at: Int, Int32)
        /// The call, and all later ones that need space, fail.
        case full(from: Int, Int32)
        /// The call writes one byte of what it was given, if it writes.
        case short(at: Int)

        var words: [String] {
            switch self {
            case .none: ["kill", "0", "0"]
            case .kill(let number): ["kill", "\(number)", "0"]
            case .error(let number, let code): ["error", "\(number)", "\(code)"]
            case .full(let number, let code): ["full", "\(number)", "\(code)"]
            case .short(let number): ["short", "\(number)", "0"]
            }
        }
    }

    /// Where programs can be followed this way.
    package static let isPossible: Bool = {
        #if os(Linux) && arch(x86_64)
            true
        #else
            false
        #endif
    }()

    private let program: String
    private let count: String

    /// Compiles the injector in `folder` by the compiler that came with Swift.
    package init(in folder: String) async throws {
        program = folder + "/inject"
        count = folder + "/count"
        try write(["inject.c": Self.source], in: folder)
        let made = try await Program("clang", ["-O1", "-o", program, program + ".c"]).run()
        guard made.succeeded else { throw TestServerError("clang: \(made.errorText)") }
    }

    /// The words that stand before a program's to run it under `fault`.
    package func wrapper(_ fault: Fault) -> [String] { [program, count] + fault.words }

    /// How many calls there were in the last run that came to its end.
    package func calls() throws -> Int { Int(try FileSystem.readText(count).trimmingLineEnd) ?? 0 }

    private static let source = #"""
        #define _GNU_SOURCE
        #include <errno.h>
        #include <fcntl.h>
        #include <signal.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>
        #include <sys/ptrace.h>
        #include <sys/stat.h>
        #include <sys/syscall.h>
        #include <sys/user.h>
        #include <sys/wait.h>
        #include <unistd.h>

        /* fault COUNT-FILE MODE NUMBER ERRNO PROGRAM ARGUMENT…
           Follows PROGRAM with its threads and children, and counts the system calls that change a file system. Before the
           NUMBERth it ends them all (kill), lets the call fail (error: this one; full: this and all later ones that need space) or
           lets a write write one byte (short). 0 only counts. The count is written to COUNT-FILE. */

        static long count, number;
        static int code;
        static const char *mode;

        static int on_file(pid_t tid, __uint64_t fd) {
            char path[64];
            struct stat status;
            snprintf(path, sizeof path, "/proc/%d/fd/%lu", tid, (unsigned long)fd);
            return stat(path, &status) == 0 && S_ISREG(status.st_mode);
        }

        /* 0: changes nothing. 1: does, and needs no space. 2: needs space. 3: writes bytes that stand in the third argument. */
        static int kind(pid_t tid, const struct __ptrace_syscall_info *info) {
            const __uint64_t *a = info->entry.args;
            switch (info->entry.nr) {
            case SYS_write: case SYS_pwrite64: return on_file(tid, a[0]) ? 3 : 0;
            case SYS_writev: case SYS_pwritev: case SYS_fallocate: case SYS_copy_file_range: case SYS_sendfile:
                return on_file(tid, a[info->entry.nr == SYS_copy_file_range ? 2 : 0]) ? 2 : 0;
            case SYS_openat: return a[2] & O_CREAT ? 2 : 0;
            case SYS_fsync: case SYS_fdatasync: case SYS_syncfs: return 2;
            case SYS_mkdirat: case SYS_linkat: case SYS_symlinkat: case SYS_renameat2: return 2;
            case SYS_ftruncate: case SYS_unlinkat: case SYS_fchmod: case SYS_fchmodat: case SYS_utimensat: return 1;
        #ifdef SYS_open
            case SYS_open: return a[1] & O_CREAT ? 2 : 0;
            case SYS_mkdir: case SYS_link: case SYS_symlink: case SYS_rename: case SYS_renameat: return 2;
            case SYS_unlink: case SYS_rmdir: case SYS_truncate: case SYS_chmod: return 1;
        #endif
            default: return 0;
            }
        }

        static void fail(const char *what) {
            perror(what);
            exit(99);
        }

        #ifdef __x86_64__
        static void skip(pid_t tid, struct user_regs_struct *regs) {
            regs->orig_rax = -1;
            if (ptrace(PTRACE_SETREGS, tid, 0, regs)) fail("setregs");
        }
        #endif

        struct pending { pid_t tid; struct pending *next; };
        static struct pending *failing;

        static void entered(pid_t tid, const struct __ptrace_syscall_info *info) {
            int what = kind(tid, info);
            if (!what) return;
            count++;
            int now = number && (count == number || (!strcmp(mode, "full") && count >= number && what >= 2));
            if (!now) return;
            if (!strcmp(mode, "kill")) exit(137); /* PTRACE_O_EXITKILL */
        #ifdef __x86_64__
            struct user_regs_struct regs;
            if (ptrace(PTRACE_GETREGS, tid, 0, &regs)) fail("getregs");
            if (!strcmp(mode, "short")) {
                if (what == 3 && regs.rdx > 1) {
                    regs.rdx = 1;
                    if (ptrace(PTRACE_SETREGS, tid, 0, &regs)) fail("setregs");
                }
                return;
            }
            skip(tid, &regs);
            struct pending *one = malloc(sizeof *one);
            *one = (struct pending){tid, failing};
            failing = one;
        #else
            fprintf(stderr, "errors can be injected on x86_64 only\n");
            exit(99);
        #endif
        }

        static void left(pid_t tid) {
            for (struct pending **at = &failing; *at; at = &(*at)->next) {
                if ((*at)->tid != tid) continue;
                struct pending *gone = *at;
                *at = gone->next;
                free(gone);
        #ifdef __x86_64__
                struct user_regs_struct regs;
                if (ptrace(PTRACE_GETREGS, tid, 0, &regs)) fail("getregs");
                regs.rax = -code;
                if (ptrace(PTRACE_SETREGS, tid, 0, &regs)) fail("setregs");
        #endif
                return;
            }
        }

        int main(int argc, char **argv) {
            if (argc < 6) return 99;
            mode = argv[2];
            number = atol(argv[3]);
            code = atoi(argv[4]);
            pid_t child = fork();
            if (child < 0) fail("fork");
            if (!child) {
                ptrace(PTRACE_TRACEME, 0, 0, 0);
                raise(SIGSTOP);
                execvp(argv[5], argv + 5);
                fail(argv[5]);
            }
            int status, result = 99;
            waitpid(child, &status, 0);
            if (ptrace(PTRACE_SETOPTIONS, child, 0, PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |
                                                        PTRACE_O_TRACEEXEC | PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL))
                fail("setoptions");
            ptrace(PTRACE_SYSCALL, child, 0, 0);
            pid_t tid;
            while ((tid = waitpid(-1, &status, __WALL)) > 0) {
                if (WIFEXITED(status) || WIFSIGNALED(status)) {
                    if (tid == child) result = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
                    continue;
                }
                int signal = WSTOPSIG(status), deliver = 0;
                if (signal == (SIGTRAP | 0x80)) {
                    struct __ptrace_syscall_info info;
                    if (ptrace(PTRACE_GET_SYSCALL_INFO, tid, sizeof info, &info) > 0) {
                        if (info.op == PTRACE_SYSCALL_INFO_ENTRY) entered(tid, &info);
                        if (info.op == PTRACE_SYSCALL_INFO_EXIT) left(tid);
                    }
                } else if (signal != SIGTRAP && signal != SIGSTOP) {
                    deliver = signal;
                }
                ptrace(PTRACE_SYSCALL, tid, 0, deliver);
            }
            FILE *file = fopen(argv[1], "w");
            if (!file || fprintf(file, "%ld\n", count) < 0 || fclose(file)) fail(argv[1]);
            return result;
        }
        """#
}
